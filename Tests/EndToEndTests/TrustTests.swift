import Foundation
import Model
import Testing

extension EndToEnd {
    /// Whom hosts believe, and who may change that.
    @Suite struct TrustTests {
        @Test("A host whose policy demands tests takes a release only with them")
        func attestation() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try fleet.describe(FleetFile(floor: "0"))
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                try await fleet.beside("openssl genpkey -algorithm ed25519 -out ci.pem")
                let pem = try await fleet.beside("openssl pkey -in ci.pem -pubout").replacing("\n", with: "\\n")
                let entry = #"{"attester": "ci-tests", "types": ["test-result"], "key": "\#(pem)"}"#
                let rule = "{environment: \(FleetFile.environment), builders: 1, attestations: [{type: test-result}]}"
                try await fleet.shell(
                    1,
                    """
                    mkdir -p /etc/fleet/trust/attesters
                    cat >/etc/fleet/trust/attesters/ci.json <<'END'
                    \(entry)
                    END
                    echo 'rules: [\(rule)]' >/etc/fleet/trust/policy.yml
                    """
                )
                let artifact = try await fleet.artifact(try await fleet.build("1.1"))
                let rollout = ["rollout", "hello", "--artifact", artifact, "--env", FleetFile.environment, "--yes"]
                let refused = try await fleet.fleet(rollout)
                try #require(refused.code == ExitCode.refused.rawValue, "\(refused)")
                #expect("\(refused)".contains("0 of the 1 passed test results"), "\(refused)")
                let attest = ["artifact", "attest", artifact, "--type", "test-result", "--key", "ci.pem", "--result"]
                for (result, code) in [("failed", ExitCode.refused), ("passed", .succeeded)] {
                    let attested = try await fleet.fleet(attest + [result])
                    try #require(attested.code == 0, "\(attested)")
                    let end = try await fleet.fleet(rollout)
                    try #require(end.code == code.rawValue, "\(end)")
                }
                try await fleet.expect([1], run: "1.1", phase: .committed)
            }
        }

        @Test("A trust root: two of three people change whom all hosts believe, one changes nothing")
        func rotation() async throws {
            try await FleetPool.shared.fresh(hosts: 2, members: false) { fleet in
                for name in ["ada", "bob", "eve"] {
                    try await fleet.fleet("trust", "key", "\(name).pem", code: .succeeded)
                }
                let keys = ["ada", "bob", "eve"].flatMap { ["--key", "\($0)=\($0).pem.pub"] }
                let proposed = try await fleet.fleet(["trust", "propose"] + keys)
                try #require(proposed.code == 0, "\(proposed)")
                try await fleet.fleet("trust", "sign", "--key", "ada.pem", "--key", "eve.pem", code: .succeeded)
                // Nobody follows a root before a host was given the first.
                try fleet.describe(FleetFile(floor: "1"))
                try await fleet.fleet("trust", "publish", code: .incomplete)
                for host in 1...2 {
                    let access = "root@\(fleet.address(host))"
                    let add = ["host", "add", access, "--name", "h\(host)", "--packages", Machine.packages]
                    let added = try await fleet.fleet(add)
                    try #require(added.code == 0, "\(added)")
                }
                try await fleet.fleet("trust", "publish", code: .succeeded)
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)

                // Eve's key is stolen: one signature of the two that the first root demands.
                try await fleet.beside("cp .fleet/builders/development.json evil.json")
                try await fleet.fleet("trust", "propose", "--without", "ada", "--threshold", "1", code: .succeeded)
                try await fleet.fleet("trust", "sign", "--key", "eve.pem", code: .succeeded)
                let waits = try await fleet.fleet("trust", "publish", code: .incomplete)
                #expect("\(waits)".contains("2 of the 3 keys of version 1"), "\(waits)")

                // Ada and Bob replace Eve's key and the laptop's; copies are signed apart.
                try await fleet.beside("openssl genpkey -algorithm ed25519 -out ci.pem")
                let pem = try await fleet.beside("openssl pkey -in ci.pem -pubout").replacing("\n", with: "\\n")
                let entry = #"{"builder": "https://ci.example", "key": "\#(pem)"}"#
                try Data(entry.utf8).write(to: URL(fileURLWithPath: "\(fleet.directory)/.fleet/builders/ci.json"))
                try await fleet.beside("rm .fleet/builders/development.json")
                try await fleet.fleet("trust", "propose", "--without", "eve", "--threshold", "2", code: .succeeded)
                try await fleet.beside("cp .fleet/trust/proposal.json copy.json")
                try await fleet.fleet("trust", "sign", "copy.json", "--key", "bob.pem", code: .succeeded)
                try await fleet.fleet("trust", "sign", "--key", "ada.pem", "--signed", "copy.json", code: .succeeded)
                try await fleet.power("kill", 2)
                try await fleet.fleet("trust", "publish", code: .incomplete)
                #expect(try await fleet.shell(1, "ls /etc/fleet/trust/builders").contains("development") == false)
                try await fleet.power("start", 2)
                try await fleet.eventually("host 2 is brought up") {
                    try await fleet.fleet(["trust", "publish"]).code == ExitCode.succeeded.rawValue
                }
                #expect(try await fleet.shell(2, "ls /etc/fleet/trust/builders").contains("ci.json"))

                // The laptop is believed no more, CI is.
                let next = try await fleet.build("1.1")
                try await fleet.rollOut(next, code: .refused)
                let artifact = try await fleet.artifact(
                    try await fleet.build("1.2"),
                    key: ["--key", "ci.pem", "--builder", "https://ci.example"]
                )
                let end = try await fleet.fleet(
                    ["rollout", "hello", "--artifact", artifact, "--env", FleetFile.environment, "--yes"]
                )
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...2, run: "1.2", phase: .committed)
            }
        }
    }
}

extension Fleet {
    /// Runs a shell command in the workspace; answers what it prints.
    @discardableResult
    fileprivate func beside(_ script: String) async throws -> String {
        let end = try await beside(["sh", "-euc", script], subject: "shell").end()
        try #require(end.code == 0, "\(end)")
        return end.output
    }
}

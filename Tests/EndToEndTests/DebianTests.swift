import Foundation
import Model
import Testing

extension EndToEnd {
    /// Artifacts that are Debian packages: their files are deployed, nothing of them is installed.
    @Suite struct DebianTests {
        @Test("A .deb is deployed like any artifact; one with a postinst is refused unless scripts are ignored")
        func package() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let file = FleetFile(service: "packaged", hosts: [1, 2], floor: "1")
                try fleet.describe(file)
                func rollout(_ version: String) async throws -> [String] {
                    let artifact = "dist/packaged_\(version).deb"
                    try await fleet.fleet("artifact", "sign", artifact, code: .succeeded)
                    return [
                        "rollout", "packaged", "--artifact", artifact, "--version", version, "--env",
                        FleetFile.environment, "--yes",
                    ]
                }
                func expect(_ version: String) async throws {
                    for host in 1...2 {
                        try await fleet.expectReport(host, of: "packaged", runs: version, phase: .committed)
                    }
                }
                try fleet.describe(FleetFile(service: "packaged", hosts: [1, 2], floor: "0"))
                try await fleet.package(HandMade(service: "packaged", version: "1.0"))
                let first = try await fleet.fleet(try await rollout("1.0"))
                try #require(first.code == ExitCode.succeeded.rawValue, "\(first)")
                try await expect("1.0")
                try await fleet.shell(1, "! dpkg -s packaged 2>/dev/null; test -x /srv/packaged/current/bin/run")

                try await fleet.package(HandMade(service: "packaged", version: "1.1"), script: "touch /run/postinst")
                let second = try await rollout("1.1")
                let refused = try await fleet.fleet(second)
                try #require(refused.code == ExitCode.refused.rawValue, "\(refused)")
                #expect("\(refused)".contains("postinst"), "\(refused)")
                try await expect("1.0")

                var lenient = file
                lenient.settings = ["debian_scripts: ignore"]
                try fleet.describe(lenient)
                let ignored = try await fleet.fleet(second)
                try #require(ignored.code == ExitCode.succeeded.rawValue, "\(ignored)")
                try await expect("1.1")
                try await fleet.shell(1, "test ! -e /run/postinst")

                try await fleet.package(HandMade(service: "packaged", version: "1.2"), script: "touch /run/postinst")
                try await fleet.fleet("artifact", "sign", "dist/packaged_1.2.deb", code: .succeeded)
                try await fleet.bring("dist/packaged_1.2.deb", to: 1)
                let apply = "agent apply /root/packaged_1.2.deb --service packaged --version 1.2 --env test"
                let strict = try await fleet.onHost(1, "sh", "-c", apply)
                try #require(strict.code == ExitCode.refused.rawValue, "\(strict)")
                #expect("\(strict)".contains("--ignore-scripts"), "\(strict)")
                try await fleet.shell(1, "\(apply) --ignore-scripts")
                try await fleet.expectReport(1, of: "packaged", runs: "1.2", phase: .committed)
                try await fleet.shell(1, "test ! -e /run/postinst; agent unhold packaged")
            }
        }
    }
}

extension Fleet {
    /// Makes a Debian package of a release, `dist/NAME_VERSION.deb`, with a postinst if one is given.
    func package(_ release: HandMade, script: String? = nil) async throws {
        let path = "dist/\(release.service)_\(release.version)"
        try write(release, to: path)
        let control = "\(directory)/\(path)/DEBIAN"
        try FileManager.default.createDirectory(atPath: control, withIntermediateDirectories: true)
        let fields = [
            "Package: \(release.service)", "Version: \(release.version)", "Architecture: all",
            "Maintainer: Fleet <fleet@example.org>", "Description: a release", "",
        ]
        try fields.joined(separator: "\n").write(toFile: "\(control)/control", atomically: true, encoding: .utf8)
        if let script {
            try "#!/bin/sh\n\(script)\n".write(toFile: "\(control)/postinst", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(control)/postinst")
        }
        let command = ["dpkg-deb", "--root-owner-group", "--build", path, "\(path).deb"]
        let end = try await beside(command, subject: "dpkg-deb").end()
        try #require(end.code == 0, "\(end)")
    }
}

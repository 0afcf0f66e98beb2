import Configuration
import Model
import Trust

/// Times what a host does to believe one plan: reads its trust from disk, then verifies provenance and approvals.
///
/// TrustBench DIRECTORY, which `bench/trust` fills with keys that openssl and ssh-keygen made: `builders`, `approvers` and
/// `policy.yml` as on a host, `artifact`, `order`, `NAME.pem` of each builder, and `order.N.sig`.
@main
struct TrustBench {
    private static let rounds = 200

    static func main() throws {
        let directory = CommandLine.arguments[1]
        let names = CommandLine.arguments.dropFirst(2)
        let artifact = try SHA256.digest(ofFile: "\(directory)/artifact").digest
        let source = SourceRevision(repository: "git+https://git.example.com/web", revision: "9fceb02d0a")
        let envelopes = try names.map { name in
            let key = try SigningKey(file: "\(directory)/\(name).pem")
            let builder = "https://\(name).example.com"
            return try Provenance(artifactName: "artifact", artifact: artifact, builder: builder, source: source)
                .signed(with: key).json()
        }
        let order = try TrustedFile.read("\(directory)/order", .fileUnreadable)
        let approvals = try [1, 2].map { try TrustedFile.read("\(directory)/order.\($0).sig", .fileUnreadable) }
        let host = Host(directory: directory, artifact: artifact, now: WallTime(milliseconds: 1_800_000_000_000))
        guard try host.believes(envelopes, order, approvals) == names.count else { fatalError("too few builders") }

        let clock = ContinuousClock()
        let times = try (0..<rounds).map { _ in
            try clock.measure { _ = try host.believes(envelopes, order, approvals) }
        }.sorted()
        let median = times[times.count / 2]
        print(Double(median.components.attoseconds) / 1e15)
    }
}

/// One host, whose files are read anew each time, as an agent does.
private struct Host {
    let directory: String
    let artifact: Digest
    let now: WallTime

    /// How many builders vouch for the artifact, once two people have approved the order.
    func believes(_ envelopes: [[UInt8]], _ order: [UInt8], _ approvals: [[UInt8]]) throws -> Int {
        let text = try TrustedFile.read("\(directory)/policy.yml", .policyInvalid)
        let rules = try TrustPolicyFile.parse(text, file: "policy.yml")
        let (service, environment) = (ServiceName(validated: "web"), EnvironmentName(validated: "production"))
        let policy = ProvenancePolicy(
            trust: try BuilderTrust.load(directory: "\(directory)/builders"),
            threshold: rules.builders(of: service, in: environment)
        )
        let destination = Destination(service: service, environment: environment)
        let verified = try policy.verify(envelopes: envelopes, artifact: artifact, for: destination, at: now)
        let signers = try AllowedSigners.load(path: "\(directory)/approvers")
        let people = try ApprovalPolicy(signers: signers, threshold: 2).verify(
            approvals,
            on: order,
            involved: [],
            at: now
        )
        return people.count == 2 ? verified.keys.count : 0
    }
}

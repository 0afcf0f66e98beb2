import ArgumentParser
import Coordinator
import Model
import TLS

extension AuthorityCommands {
    /// `fleet ca issue`: a certificate for one member.
    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a certificate for an agent, an operator, a coordinator or a viewer.",
            discussion: """
                Writes ca.pem, cert.pem and key.pem (readable by you alone). With --request the key stays where it is: \
                only the certificate is made, for the key of a PKCS #10 request. What each role may do stands in \
                docs/protocol.md; a viewer only looks, and puts the files into .fleet/operator.
                """
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "What the member is: agent, operator, coordinator or viewer.", transform: Self.role)
        var role: Role

        @Argument(help: "Name of the host or person.")
        var name: String

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("Directory to write to, made if missing (default: ./NAME).", valueName: "directory"),
            completion: .directory
        )
        var out: String?

        @Option(
            help: ArgumentHelp("Directory of the authority (default: that of the fleet).", valueName: "directory"),
            completion: .directory
        )
        var authority: String?

        @Option(help: ArgumentHelp("PKCS #10 request in PEM.", valueName: "file"), completion: .file())
        var request: String?

        @Option(help: "How long it holds, for example 397d.", transform: TimeSpan.init(parsing:))
        var validity: TimeSpan = CertificateAuthority.memberValidity

        func run() async throws {
            // Another authority than the fleet's own is recorded by nobody: it makes no member of this fleet.
            guard authority == nil else { return try issue(by: authority ?? "") }
            let workspace = try common.workspace()
            try await workspace.recording(.certificateIssued) {
                $0.after = "\(role.rawValue) \(name)"
            } _: {
                try issue(by: workspace.layout.authority)
            }
        }

        private func issue(by directory: String) throws {
            let key = try request.map { SubjectKey.request(pem: try SmallFile.read($0)) } ?? .generated
            let target = out ?? "./\(name)"
            try SmallFile.makeDirectory(target)
            // Before a certificate is made and recorded that nobody would get.
            try IssuedIdentity.checkPlace(in: target, withKey: request == nil)
            let issued = try CertificateAuthority(directory: directory)
                .issue(role, name: name, key: key, validity: validity, now: CoordinatorClock().wall)
            try issued.write(to: target)
            Console.result("\(issued)")
            Console.note("written to \(target)")
        }

        private static func role(_ text: String) throws -> Role {
            guard let role = Role(rawValue: text), Role.certified.contains(role) else {
                throw ValidationError("'\(text)' is no role: say agent, operator, coordinator or viewer")
            }
            return role
        }
    }
}

internal import Glibc
package import Model
internal import Trust

/// Signs with the engineer's own SSH key, through the real `ssh-keygen`: agents and FIDO keys work by themselves.
package struct ApprovalSigner: Sendable {
    /// Path of the private key, or of the public one whose private half an agent or a token holds.
    package let key: String
    private let namespace: String

    /// What is signed for.
    package enum Use: Sendable {
        case approval(Approval.Kind)
        case review
    }

    package init(key: String, kind: Approval.Kind = .ordinary) { self.init(key: key, for: .approval(kind)) }

    package init(key: String, for use: Use) {
        self.key = key
        namespace =
            switch use {
            case .approval(.ordinary): ApprovalPolicy.namespace
            case .approval(.breakGlass): BreakGlassPolicy.namespace
            case .review: ReviewStatement.namespace
            }
    }

    /// The key that was named, else the usual one.
    ///
    /// - Throws: `CoordinatorError` when there is none.
    package static func key(_ named: String?) async throws -> String {
        if let named { return named }
        guard let home = getenv("HOME") else {
            throw CoordinatorError(.approval, "HOME is not set: name a key with --key")
        }
        return try await defaultKey(home: String(cString: home))
    }

    /// The key that somebody signs with who names none: git's `user.signingkey`, else the first of `~/.ssh/id_*`.
    ///
    /// - Throws: `CoordinatorError` when there is none.
    private static func defaultKey(home: String) async throws -> String {
        let git = try? await ExternalCommand(["git", "config", "--get", "user.signingkey"]).run()  // no git is no key
        if let git, git.status == 0 {
            let name = git.text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            let path = name.hasPrefix("~/") ? "\(home)/\(name.dropFirst(2))" : name
            // It may also be the id of a GPG key, or a key's text.
            if path.hasPrefix("/"), SmallFile.exists(path) { return path }
        }
        for kind in ["ed25519", "ecdsa", "ed25519_sk", "ecdsa_sk", "rsa"] {
            let path = "\(home)/.ssh/id_\(kind)"
            if SmallFile.exists(path) { return path }
        }
        throw CoordinatorError(
            .approval,
            "there is no SSH key to sign with: neither git's user.signingkey nor \(home)/.ssh/id_*; name one with --key"
        )
    }

    /// The armored signature on exactly these bytes.
    ///
    /// - Throws: `CoordinatorError` with what `ssh-keygen` said.
    package func sign(_ order: [UInt8]) async throws -> [UInt8] {
        // Time to find the token and touch it.
        let command = ExternalCommand(
            ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", key],
            input: order,
            timeLimit: .seconds(120)
        )
        return try await command.succeed().output
    }
}

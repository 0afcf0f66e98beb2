import Model

@testable import Trust

/// A FIDO authenticator in software: signs as OpenSSH's PROTOCOL.u2f says, with or without a touch.
struct SoftwareToken {
    private let key: SigningKey
    private let type: String
    private let blob: [UInt8]
    private static let application = Array("ssh:".utf8)

    init(_ algorithm: KeyAlgorithm) throws {
        key = try SigningKey.generate(algorithm)
        let der = key.publicKey.der
        switch algorithm {
        case .ed25519:
            type = "sk-ssh-ed25519@openssh.com"
            blob = .sshString(type.utf8) + .sshString(der.suffix(32)) + .sshString(Self.application)
        case .p256:
            type = "sk-ecdsa-sha2-nistp256@openssh.com"
            blob =
                .sshString(type.utf8) + .sshString("nistp256".utf8) + .sshString(der.suffix(65))
                + .sshString(Self.application)
        }
    }

    /// Kind and key, as in `allowed_signers`.
    var line: String { "\(type) \(Base64.encode(blob))" }

    func sign(_ message: [UInt8], flags: UInt8) throws -> [UInt8] {
        let parts = [Array("fleet-order".utf8), [], Array("sha256".utf8), SHA256.digest(of: message).bytes]
        let data = Array("SSHSIG".utf8) + parts.flatMap { [UInt8].sshString($0) }
        let mark: [UInt8] = [flags, 0, 0, 0, 7]
        let signed = SHA256.digest(of: Self.application).bytes + mark + SHA256.digest(of: data).bytes
        let signature =
            [UInt8].sshString(type.utf8) + .sshString(Self.sshForm(try key.sign(signed), key.publicKey.algorithm))
            + mark
        let whole =
            Array("SSHSIG".utf8) + [0, 0, 0, 1] + .sshString(blob) + .sshString("fleet-order".utf8) + .sshString([])
            + .sshString("sha256".utf8) + .sshString(signature)
        return Self.armored(whole)
    }

    static func armored(_ bytes: [UInt8]) -> [UInt8] {
        Array("-----BEGIN SSH SIGNATURE-----\n\(Base64.encode(bytes))\n-----END SSH SIGNATURE-----\n".utf8)
    }

    /// The two INTEGERs of a DER signature as mpints.
    private static func sshForm(_ signature: [UInt8], _ algorithm: KeyAlgorithm) -> [UInt8] {
        guard algorithm == .p256 else { return signature }
        let first = Int(signature[3])
        let second = Int(signature[5 + first])
        return .sshString(signature[4..<4 + first]) + .sshString(signature[(6 + first)..<(6 + first + second)])
    }
}

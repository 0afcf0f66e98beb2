import Glibc
package import Model

/// The list of what is believed no more: `crl.pem`, which is not there before the first revocation.
extension CertificateAuthority {
    private static func listPath(_ directory: String) -> String { "\(directory)/crl.pem" }

    /// The list in force; nil when nothing was ever revoked.
    package func revocations() throws(TLSError) -> RevocationList? {
        let path = Self.listPath(directory)
        guard PrivateFile.exists(path) else { return nil }
        return try RevocationList(pem: PrivateFile.read(path, for: .everyone), trust: anchors, source: path)
    }

    /// Adds certificates to the list, by serial, and signs the next; a serial that is there keeps its reason.
    package func revoke(
        serials: [String],
        reason: Revocation.Reason,
        now: WallTime
    ) throws(TLSError) -> RevocationList {
        let lock = try DirectoryLock(directory)
        defer { lock.release() }
        let known = try revocations()
        let new = serials.filter { known?.contains(serial: $0) != true }
        let entries = (known?.entries ?? []) + new.map { Revocation(serial: $0, at: now, reason: reason) }
        return try sign(entries, number: (known?.number ?? 0) + 1, now: now)
    }

    /// Signs the list again after a renewal, so that it comes from the intermediate that is in charge.
    func signRevocationsAgain(now: WallTime) throws(TLSError) {
        let lock = try DirectoryLock(directory)
        defer { lock.release() }
        guard let known = try revocations() else { return }
        _ = try sign(known.entries, number: known.number + 1, now: now)
    }

    private func sign(_ entries: [Revocation], number: Int64, now: WallTime) throws(TLSError) -> RevocationList {
        let list = try CertificateRevocations(
            number: number,
            entries: entries,
            signer: (intermediate, key),
            now: now
        )
        let pem = Array((try list.pem() + intermediate.pem()).utf8)
        // What nobody would take must not take the place of what is in force.
        let checked = try RevocationList(pem: pem, trust: anchors)
        try PrivateFile.replace(pem, at: Self.listPath(directory), mode: 0o644)
        return checked
    }
}

/// The right to sign the next list: two at once would lose one's revocations.
private struct DirectoryLock {
    private let descriptor: CInt

    init(_ directory: String) throws(TLSError) {
        descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PrivateFile.unwritten(directory, errno) }
        guard flock(descriptor, LOCK_EX) == 0 else {
            close(descriptor)
            throw PrivateFile.unwritten(directory, errno)
        }
    }

    func release() { close(descriptor) }
}

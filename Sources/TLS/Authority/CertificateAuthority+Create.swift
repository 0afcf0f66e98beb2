import Glibc
package import Model

/// Making a root, and one intermediate after the other.
extension CertificateAuthority {
    /// Makes a new authority in `directory`, which is created if it is not there.
    ///
    /// A creation that a crash cut short is gone on with, by the key that it made.
    /// - Throws: `TLSError` with `authorityExists` if there is one, or another part of one; nothing is overwritten.
    package static func create(
        fleet: String,
        directory: String,
        validity: TimeSpan = rootValidity,
        now: WallTime
    ) throws(TLSError) -> Self {
        try PeerIdentity.validateFleet(fleet)
        guard !PrivateFile.exists(rootPath(directory)) else { throw exists(rootPath(directory)) }
        let unfinished = try unfinishedKey(directory)
        for part in ["", "/root", "/issued", "/intermediate"] { try makeDirectory(directory + part) }
        let key: PrivateKey
        if let unfinished { key = unfinished } else { key = try .generateP256() }
        let template = CertificateTemplate(
            kind: .root,
            commonName: "\(fleet) fleet authority",
            uri: "spiffe://\(fleet)",
            now: now,
            validity: validity
        )
        let certificate = try template.sign(subject: key, issuer: nil)
        // The key first: a crash in between leaves no certificate that nobody could sign with.
        if unfinished == nil {
            try PrivateFile.write(Array(key.pem().utf8), to: rootKeyPath(directory), mode: 0o600)
        }
        try PrivateFile.write(Array(certificate.pem().utf8), to: rootPath(directory), mode: 0o644)
        return try renew(directory: directory, now: now)
    }

    /// Makes the next intermediate with the root's key, and loads the authority with it.
    ///
    /// What the one before has signed stays valid to its end. Its key is removed: it has nothing left to sign. `rootKey` says
    /// where the root's key is, nil that it lies in its place here.
    /// - Throws: `TLSError` with `rootKeyMissing`, `keyMismatch`, `authorityExpired`.
    @discardableResult
    package static func renew(
        directory: String,
        rootKey: String? = nil,
        validity: TimeSpan = intermediateValidity,
        now: WallTime
    ) throws(TLSError) -> Self {
        let root = try root(in: directory)
        let fleet = try fleet(of: root, path: rootPath(directory))
        let issuer = try loadRootKey(of: root, directory: directory, path: rootKey ?? rootKeyPath(directory))
        let remaining = root.notAfter - now
        guard remaining > .zero else {
            let advice = "the root ended at \(root.notAfter); make a new authority elsewhere with 'fleet ca init'"
            throw TLSError(.authorityExpired, directory, advice: advice)
        }
        let previous = try intermediates(in: directory)
        let place = IntermediatePlace(number: (previous.last?.number ?? 0) + 1, in: directory)
        let key = try PrivateKey.generateP256()
        let template = CertificateTemplate(
            kind: .intermediate,
            commonName: "\(fleet) fleet intermediate \(place.number)",
            uri: "spiffe://\(fleet)",
            now: now,
            validity: min(validity, remaining)
        )
        let certificate = try template.sign(subject: key, issuer: (root, issuer))
        try makeDirectory("\(directory)/intermediate")
        try makeDirectory(place.directory)
        unlink(place.key)  // of a renewal that a crash ended before its certificate was written
        try PrivateFile.write(Array(key.pem().utf8), to: place.key, mode: 0o600)
        try PrivateFile.write(Array(certificate.pem().utf8), to: place.certificate, mode: 0o644)
        for old in previous { unlink(old.key) }
        let renewed = try Self(directory: directory)
        try renewed.signRevocationsAgain(now: now)
        return renewed
    }

    private static func loadRootKey(
        of root: Certificate,
        directory: String,
        path: String
    ) throws(TLSError) -> PrivateKey {
        guard PrivateFile.exists(path) else {
            throw TLSError(
                .rootKeyMissing,
                path,
                advice: "is not there, and a new intermediate needs the root's key: bring it back from where it is "
                    + "kept, or name it with --root-key"
            )
        }
        let key = try PrivateKey(pem: PrivateFile.read(path, for: .owner), source: path)
        guard key.belongs(to: root) else {
            let advice = "is not the key of \(rootPath(directory)); name the right one with --root-key"
            throw TLSError(.keyMismatch, path, advice: advice)
        }
        return key
    }

    /// The key of a creation that ended before the root was written, which nobody has used; nil without one.
    private static func unfinishedKey(_ directory: String) throws(TLSError) -> PrivateKey? {
        for part in ["\(directory)/issued", "\(directory)/intermediate"] where PrivateFile.exists(part) {
            let names = try? PrivateFile.names(in: part)  // no directory is no creation of ours
            guard names == [] else { throw exists(part) }
        }
        let path = rootKeyPath(directory)
        guard PrivateFile.exists(path) else {
            guard !PrivateFile.exists("\(directory)/root") || (try? PrivateFile.names(in: "\(directory)/root")) == []
            else { throw exists("\(directory)/root") }
            return nil
        }
        guard let pem = try? PrivateFile.read(path, for: .owner), let key = try? PrivateKey(pem: pem, source: path)
        else {
            // Whatever is wrong with it, it is not ours to use.
            throw exists(path)
        }
        return key
    }

    private static func exists(_ path: String) -> TLSError {
        let advice = "exists already and is kept; use it, or name an empty directory for a new authority"
        return TLSError(.authorityExists, path, advice: advice)
    }
}

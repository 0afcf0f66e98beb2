package import Model

/// The people whose signatures count, in the format of `allowed_signers` (ssh-keygen(1), "ALLOWED SIGNERS").
///
/// Lines that share a principal are one person, who has several keys; a person is never counted twice.
package struct AllowedSigners: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        /// The first name under which the person was listed.
        package let person: String
        /// Every name of the line.
        package let principals: [String]
        package let key: SSHPublicKey
        /// What the key may sign for; nil is everything.
        let namespaces: NamePatterns?
        let validity: Validity
        /// Its place in the file, from 1.
        let line: Int

        struct Validity: Hashable, Sendable {
            var after: WallTime?
            var before: WallTime?
        }
    }

    package let entries: [Entry]
    /// Path of the file, or what it is called in messages.
    let name: String

    /// Every name of a person, in whichever lines.
    package func names(of person: String) -> Set<String> {
        Set(entries.filter { $0.person == person }.flatMap(\.principals))
    }

    /// Who has signed.
    ///
    /// - Throws: `TrustError` when nobody here has the key, or when the key's line does not allow it for this `namespace` or at
    ///   this time. The signature itself is not looked at.
    package func owner(of key: SSHPublicKey, namespace: String, at now: WallTime) throws(TrustError) -> Entry {
        let lines = entries.filter { $0.key == key }
        guard !lines.isEmpty else {
            throw TrustError(.unknownKey, "signature by \(key)", "nobody in \(name) has this key")
        }
        var refusal = ""
        for entry in lines {
            guard let reason = entry.refusal(namespace: namespace, at: now) else { return entry }
            refusal = reason
        }
        throw TrustError(.signerRefused, "signature of \(lines[0].person)", "\(name) does not allow it: \(refusal)")
    }
}

extension AllowedSigners.Entry {
    fileprivate func refusal(namespace: String, at now: WallTime) -> String? {
        if let namespaces, !namespaces.match(namespace) {
            return "line \(line) is for other namespaces than '\(namespace)'"
        }
        if let after = validity.after, now < after { return "line \(line) is valid from \(after) on" }
        if let before = validity.before, before < now { return "line \(line) was valid until \(before)" }
        return nil
    }
}

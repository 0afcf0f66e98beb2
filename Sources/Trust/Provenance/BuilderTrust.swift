/// The builders that a host believes: `/etc/fleet/trust/builders/NAME.json`, one file each.
package struct BuilderTrust: Hashable, Sendable {
    package let builders: [TrustedBuilder]

    package init(_ builders: [TrustedBuilder]) { self.builders = builders }

    /// Reads every `*.json` of a directory.
    ///
    /// One broken entry fails the whole: which builders a host believes must never depend on a typing error.
    ///
    /// - Throws: `TrustError` for what can't be read, is malformed, or could be changed by other users.
    package static func load(directory: String) throws(TrustError) -> Self {
        var builders: [TrustedBuilder] = []
        for file in try TrustDirectory.files(in: directory, .buildersInvalid) {
            builders.append(try TrustedBuilder(json: file.bytes, name: file.path))
        }
        return Self(builders)
    }
}

/// One file of `/etc/fleet/trust`, as a trust root carries it.
package struct TrustFile: Hashable, Sendable {
    /// Below the trust directory: `policy.yml`, `builders/ci.json`.
    package let path: String
    package let text: String

    /// Single files that a root speaks for.
    package static let names = ["approvers", "break-glass", "policy.yml"]
    /// Directories of which a root speaks for every `*.json`.
    package static let directories = ["attesters", "builders"]

    /// - Throws: `TrustError.Code.rootInvalid` for a path that no root speaks for, and for a text that can't be read.
    package init(path: String, text: String) throws(TrustError) {
        self.path = path
        self.text = text
        let bytes = Array(text.utf8)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, Self.directories.contains(where: { $0.isExactly(String(parts[0])) }), Self.isName(parts[1])
        {
            // Read here, so that no host is made to believe what it could not read.
            if parts[0] == "builders" {
                _ = try TrustedBuilder(json: bytes, name: path)
            } else {
                _ = try TrustedAttester(json: bytes, name: path)
            }
            return
        }
        guard Self.names.contains(where: { $0.isExactly(path) }) else {
            let known = Self.names + Self.directories.map { "\($0)/NAME.json" }
            throw TrustError(
                .rootInvalid,
                "'\(path.prefix(80))'",
                "is no file of a trust root: known are \(known.joined(separator: ", "))"
            )
        }
        if path != "policy.yml" { _ = try AllowedSigners(parsing: bytes, name: path) }
    }

    /// ASCII letters, digits and `._-@+`, not hidden, ending in `.json`.
    private static func isName(_ name: Substring) -> Bool {
        name.hasSuffix(".json") && !name.hasPrefix(".") && name.utf8.count <= 100
            && name.utf8.allSatisfy { byte in
                0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20 || "._-@+".utf8.contains(byte)
            }
    }
}

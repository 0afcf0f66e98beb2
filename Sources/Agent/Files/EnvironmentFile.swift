internal import Model

/// A release's configuration as systemd reads it (systemd.exec(5), `EnvironmentFile=`).
enum EnvironmentFile {
    /// What systemd unescapes between double quotes.
    private static let special = Set("\"\\`$".utf8)

    /// One `KEY="value"` per line.
    ///
    /// Works on bytes, as systemd does: to Swift a `"` with a combining mark behind it is another character.
    static func render(_ entries: [ConfigEntry]) -> [UInt8] {
        entries.flatMap { entry in
            let escaped = entry.value.utf8.flatMap { special.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
            return Array("\(entry.key)=\"".utf8) + escaped + Array("\"\n".utf8)
        }
    }
}

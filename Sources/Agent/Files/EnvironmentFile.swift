internal import Model

/// A release's configuration as systemd reads it (systemd.exec(5), `EnvironmentFile=`).
enum EnvironmentFile {
    /// One `KEY="value"` per line, with the four characters escaped that systemd unescapes between double quotes.
    static func render(_ entries: [ConfigEntry]) -> [UInt8] {
        let lines = entries.map { entry in
            let escaped = entry.value.map { "\"\\`$".contains($0) ? "\\\($0)" : String($0) }.joined()
            return "\(entry.key)=\"\(escaped)\"\n"
        }
        return Array(lines.joined().utf8)
    }
}

import Artifacts

/// Reads the control archive of a `.deb` (deb-control(5)); its scripts are named, never run.
enum DebianControlReader {
    /// Most bytes that a control archive may unfold to.
    static let limit: Int64 = 16 << 20

    private static let scripts = ["preinst", "postinst", "prerm", "postrm", "config", "triggers"]
    /// What dpkg's other packages act on once it is installed: directories end with a slash, the rest are files.
    private static let systemPlaces = [
        "etc/systemd/", "lib/systemd/", "usr/lib/systemd/", "usr/local/lib/systemd/", "etc/init.d/", "etc/rc.local",
        "etc/crontab", "etc/cron.d/", "etc/cron.hourly/", "etc/cron.daily/", "etc/cron.weekly/", "etc/cron.monthly/",
        "etc/udev/", "lib/udev/", "usr/lib/udev/", "etc/sysctl.conf", "etc/sysctl.d/", "lib/sysctl.d/",
        "usr/lib/sysctl.d/", "usr/local/lib/sysctl.d/", "etc/sysusers.d/", "usr/lib/sysusers.d/", "etc/tmpfiles.d/",
        "usr/lib/tmpfiles.d/", "etc/sudoers.d/", "etc/dbus-1/", "usr/share/dbus-1/", "etc/polkit-1/",
        "usr/share/polkit-1/",
    ]
    /// `etc/rc0.d` to `etc/rc6.d`, and `rcS.d`.
    private static let runLevels = "0123456S".map { "etc/rc\($0).d/" }

    static func read(_ source: TarReader) throws(ArtifactError) -> DebianControl {
        var reader = source
        var control = DebianControl()
        while let entry = try reader.next() {
            guard entry.kind == .file else { continue }
            let name = String(decoding: entry.name.trimmingPrefix("./".utf8), as: UTF8.self)
            var content: [UInt8] = []
            try reader.readContent { (block) throws(ArtifactError) in content += block }
            let text = printable(content)
            switch name {
            case "control": control.fields = fields(text)
            case "conffiles": control.conffiles = text.split(separator: "\n").map(String.init)
            case _: if scripts.contains(name) { control.scripts.append(name) }
            }
        }
        guard control["Package"] != nil, control["Version"] != nil else {
            throw ArtifactError(.malformed, "the Debian package has no control file; build it with dpkg-deb")
        }
        return control
    }

    /// The files that would have been put to work outside the tree.
    static func systemFiles(_ entries: [TreeEntry]) -> [String] {
        let paths = entries.filter { $0.kind != .directory }.map(\.path.text).sorted()
        return paths.filter { path in
            (systemPlaces + runLevels).contains { $0.hasSuffix("/") ? path.hasPrefix($0) : path == $0 }
        }
    }

    /// The text without what could steer a terminal; people read it there.
    private static func printable(_ content: [UInt8]) -> String {
        var text = ""
        for scalar in String(decoding: content, as: UTF8.self).unicodeScalars {
            let isShown = scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
            text.unicodeScalars.append(isShown ? scalar : "\u{FFFD}")
        }
        return text
    }

    private static func fields(_ text: String) -> [DebianControl.Field] {
        var fields: [DebianControl.Field] = []
        for line in text.split(separator: "\n") {
            if line.first == " " || line.first == "\t", let last = fields.popLast() {
                fields.append(DebianControl.Field(name: last.name, value: "\(last.value)\n\(line.dropFirst())"))
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                fields.append(DebianControl.Field(name: String(line[..<colon]), value: String(value)))
            }
        }
        return fields
    }
}

/// A Debian package written byte by byte (deb(5), ar(5)).
struct DebianBytes {
    private(set) var bytes = Array("!<arch>\n".utf8)

    /// A package that is right but for what its data may be.
    static func package(data: [UInt8]) -> [UInt8] {
        var package = Self()
        package.add("debian-binary", Array("2.0\n".utf8))
        package.add("control.tar", control(Array("Package: web\nVersion: 1.0\n".utf8)))
        package.add("data.tar", data)
        return package.bytes
    }

    static func control(_ content: [UInt8]) -> [UInt8] {
        TarBytes { tar in tar.add(.init("./control"), content) }.ended
    }

    /// Adds a member; `size` stands in its header in place of the true one.
    mutating func add(_ name: String, _ content: [UInt8], size: String? = nil) {
        func field(_ text: String, _ width: Int) -> [UInt8] {
            Array((text + String(repeating: " ", count: max(0, width - text.utf8.count))).utf8.prefix(width))
        }
        bytes += field(name, 16) + field("0", 12) + field("0", 6) + field("0", 6) + field("100644", 8)
        bytes += field(size ?? "\(content.count)", 10) + Array("`\n".utf8)
        bytes += content + (content.count % 2 == 0 ? [] : [0x0A])
    }
}

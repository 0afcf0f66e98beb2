import Artifacts
import CArchive

/// The members of a `.deb` in their fixed order (deb(5)): version, control, data.
final class DebianPackage {
    /// The current member's bytes.
    private final class Member: ByteSource {
        private let handle: ArchiveHandle
        init(_ handle: ArchiveHandle) { self.handle = handle }
        func next() throws(ArtifactError) -> UnsafeRawBufferPointer? { try handle.nextBlock() }
    }

    private let handle: ArchiveHandle

    init(_ source: any ByteSource) throws(ArtifactError) {
        handle = try ArchiveHandle(source) { archive in archive_read_support_format_ar(archive) }
        guard try handle.nextMember() == "debian-binary" else { throw Self.damaged("does not begin with its version") }
        var version: [UInt8] = []
        while let block = try handle.nextBlock(), version.count < 16 { version += block }
        guard version.starts(with: "2.".utf8) else { throw Self.damaged("is of an unknown version") }
    }

    func control() throws(ArtifactError) -> any ByteSource { try member("control.tar") }

    func data() throws(ArtifactError) -> any ByteSource { try member("data.tar") }

    func requireEnd() throws(ArtifactError) {
        guard try handle.nextMember() == nil else {
            throw ArtifactError(.trailingData, "has members after its data; build it anew")
        }
        // libarchive takes a tail that is too short for a header for the end.
        try handle.requireEnd()
    }

    private func member(_ name: String) throws(ArtifactError) -> any ByteSource {
        guard let found = try handle.nextMember() else { throw Self.damaged("ends before \(name)") }
        let member = Member(handle)
        switch found {
        case name: return member
        case "\(name).gz": return try FilterSource(member, .gzip)
        case "\(name).xz": return try FilterSource(member, .xz)
        case "\(name).zst": return try FilterSource(member, .zstd)
        case _: throw Self.damaged("has '\(found)' where \(name), .gz, .xz or .zst must stand")
        }
    }

    private static func damaged(_ what: String) -> ArtifactError {
        ArtifactError(.malformed, "the Debian package \(what); build it with dpkg-deb")
    }
}

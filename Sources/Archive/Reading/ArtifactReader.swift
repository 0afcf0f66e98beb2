package import Artifacts
package import Model

/// Reads an artifact of any format to its very end and builds its tree.
package struct ArtifactReader {
    private let descriptor: Int32
    private let format: ArtifactFormat
    private let bounds: UnpackBounds

    /// The descriptor stands at the artifact's start.
    package init(_ descriptor: Int32, _ format: ArtifactFormat, _ bounds: UnpackBounds) {
        self.descriptor = descriptor
        self.format = format
        self.bounds = bounds
    }

    /// Makes the tree in `staging`.
    package func unpack(into staging: OpenFile) throws(ArtifactError) -> (report: ToolReport, manifest: TreeManifest) {
        try build(StagingTree(staging))
    }

    /// Reads and judges everything as `unpack` does, and makes nothing.
    package func check() throws(ArtifactError) -> (report: ToolReport, manifest: TreeManifest) {
        try build(DiscardingTree())
    }

    /// The content of one file; reading stops behind it.
    package func content(of path: TreePath, limit: ByteCount) throws(ArtifactError) -> [UInt8] {
        let file = PrintedFile(path, limit: limit)
        var builder = TreeBuilder(file, bounds)
        let package = format == .debian ? try DebianPackage(DescriptorSource(descriptor)) : nil
        if let package { _ = try control(of: package) }
        var reader = TarReader(MeteredSource(try tree(in: package), limit: bounds.archiveBytes))
        while !file.isComplete, let entry = try reader.next() { try builder.add(entry, from: &reader) }
        guard file.isComplete, let content = file.content else {
            throw ArtifactError(.entryMissing, path: path.text, "is no file of the artifact; pack it")
        }
        return content
    }

    private func build(_ sink: any TreeSink) throws(ArtifactError) -> (report: ToolReport, manifest: TreeManifest) {
        let package = format == .debian ? try DebianPackage(DescriptorSource(descriptor)) : nil
        var debian: DebianControl?
        if let package { debian = try control(of: package) }
        var builder = TreeBuilder(sink, bounds)
        try read(try tree(in: package), into: &builder)
        try package?.requireEnd()
        let manifest = try builder.finish()
        debian?.systemFiles = DebianControlReader.systemFiles(builder.entries)
        let report = ToolReport(entries: builder.entries.count, bytes: builder.bytes, debian: debian)
        return (report, manifest)
    }

    /// Reads every entry; what is wrong with the archive itself is said with the entry behind which it lies.
    private func read(_ source: any ByteSource, into builder: inout TreeBuilder) throws(ArtifactError) {
        var reader = TarReader(MeteredSource(source, limit: bounds.archiveBytes))
        do throws(ArtifactError) {
            while let entry = try reader.next() { try builder.add(entry, from: &reader) }
        } catch {
            guard error.path == nil, let last = builder.entries.last else { throw error }
            throw ArtifactError(error.code, "\(error.advice); its last whole entry is '\(last.path.text)'")
        }
    }

    private func tree(in package: DebianPackage?) throws(ArtifactError) -> any ByteSource {
        if let package { return try package.data() }
        let source = DescriptorSource(descriptor)
        switch format {
        case .tar, .debian: return source
        case .tarGzip: return try FilterSource(source, .gzip)
        case .tarZstd: return try FilterSource(source, .zstd)
        case .tarXZ: return try FilterSource(source, .xz)
        }
    }

    private func control(of package: DebianPackage) throws(ArtifactError) -> DebianControl {
        let source = MeteredSource(try package.control(), limit: DebianControlReader.limit)
        return try DebianControlReader.read(TarReader(source))
    }
}

package import Model

extension UnpackTool {
    /// Longest manifest or listing that is taken into memory.
    private static let textLimit = 128 << 20

    /// Unpacks an artifact whose digest the caller has verified into an empty directory, and nothing outside a whole sandbox.
    ///
    /// The artifact is open at its start; staging lies on the filesystem of the releases and belongs to the caller, who then
    /// calls `staging.syncFilesystem()`, and on any error removes the directory.
    package func unpack(
        _ artifact: OpenFile,
        format: ArtifactFormat,
        into staging: OpenFile,
        bounds: UnpackBounds = UnpackBounds()
    ) async throws(ArtifactError) -> UnpackResult {
        let (report, text) = try await run(
            ["unpack", "--confined", "--format", format.rawValue] + Self.arguments(bounds),
            input: .file(artifact),
            directory: staging,
            output: .collected(limit: Self.textLimit)
        )
        return UnpackResult(
            manifest: try TreeManifest(parsing: text),
            entries: report.entries,
            bytes: ByteCount(report.bytes),
            debian: report.debian,
            sandbox: report.sandbox
        )
    }

    /// Packs a directory into a deterministic `.tar` in an empty file: the same tree gives the same bytes on every machine.
    package func pack(
        _ directory: OpenFile,
        to file: OpenFile,
        bounds: UnpackBounds = UnpackBounds()
    ) async throws(ArtifactError) -> Artifact {
        let (report, _) = try await run(
            ["pack"] + Self.arguments(bounds),
            directory: directory,
            output: .file(file)
        )
        guard let digest = report.digest else {
            throw ArtifactError(.toolCrashed, path: path, "packed without saying the digest")
        }
        return Artifact(digest: digest, size: ByteCount(report.bytes), format: .tar)
    }

    /// One small file of an artifact, such as `service.yml`.
    ///
    /// Fails with `entryMissing` when the artifact has no such file.
    package func print(
        _ name: RelativePath,
        of artifact: OpenFile,
        format: ArtifactFormat,
        limit: ByteCount = .mebibytes(1),
        bounds: UnpackBounds = UnpackBounds()
    ) async throws(ArtifactError) -> [UInt8] {
        try await run(
            ["print", "--format", format.rawValue, "--limit", "\(limit.bytes)", "--path", name.text]
                + Self.arguments(bounds),
            input: .file(artifact),
            output: .collected(limit: Int(limit.bytes))
        ).output
    }

    /// Checks a whole artifact as `unpack` would, writes nothing, and returns what it would have made.
    package func list(
        _ artifact: OpenFile,
        format: ArtifactFormat,
        bounds: UnpackBounds = UnpackBounds()
    ) async throws(ArtifactError) -> UnpackResult {
        let (report, text) = try await run(
            ["list", "--format", format.rawValue] + Self.arguments(bounds),
            input: .file(artifact),
            output: .collected(limit: Self.textLimit)
        )
        return UnpackResult(
            manifest: try TreeManifest(parsing: text),
            entries: report.entries,
            bytes: ByteCount(report.bytes),
            debian: report.debian,
            sandbox: report.sandbox
        )
    }

    /// Compresses an artifact for its way to the hosts; returns the size of what was written.
    ///
    /// The level is zstd's, 1 to 19; with 0 threads it compresses on the one that reads.
    package func encode(
        _ artifact: OpenFile,
        to file: OpenFile,
        level: Int = 3,
        threads: Int = 0
    ) async throws(ArtifactError) -> ByteCount {
        let (report, _) = try await run(
            ["encode", "--level", "\(level)", "--threads", "\(threads)"],
            input: .file(artifact),
            output: .file(file)
        )
        return ByteCount(report.bytes)
    }

    /// Undoes the transport encoding of a stream; `sink` gets the exact artifact bytes on the child's thread.
    ///
    /// A stream that unfolds to more than `maximum`, the artifact's size, is refused.
    package func decoder(
        maximum: ByteCount,
        sink: @escaping @Sendable (UnsafeRawBufferPointer) throws(ArtifactError) -> Void
    ) throws(ArtifactError) -> TransportDecoder {
        try TransportDecoder(tool: self, maximum: maximum, sink: sink)
    }

    /// Undoes the transport encoding of a whole file.
    package func decode(_ encoded: OpenFile, to file: OpenFile, maximum: ByteCount) async throws(ArtifactError)
        -> ByteCount
    {
        let (report, _) = try await run(
            ["decode", "--maximum", "\(maximum.bytes)"],
            input: .file(encoded),
            output: .file(file)
        )
        return ByteCount(report.bytes)
    }

    /// What the sandbox, or one restraint of it, forbids on this machine, tried from inside: lines of `name: outcome`.
    package func selfTest(
        in directory: OpenFile,
        only restraint: Restraint? = nil
    ) async throws(ArtifactError) -> [String] {
        let arguments = ["self-test"] + (restraint.map { ["--only", $0.rawValue] } ?? [])
        let output = try await run(arguments, directory: directory, output: .collected(limit: 1 << 16)).output
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func arguments(_ bounds: UnpackBounds) -> [String] {
        [
            "--entries", "\(bounds.entries)", "--maximum", "\(bounds.bytes.bytes)", "--path-length",
            "\(bounds.pathLength)",
        ]
    }
}

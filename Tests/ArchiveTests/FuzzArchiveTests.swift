import Artifacts
import Foundation
import Glibc
import Model
import TestSupport
import Testing

@testable import Archive

/// The fuzz entry: reads `bytes` as an artifact's tree and as a package's control archive; answers how many entries the
/// tree gave before it ended or was refused.
///
/// Anything but an answer or an `ArtifactError` is a bug.
@discardableResult
func fuzzTar(_ bytes: [UInt8], step: Int) -> Int {
    var builder = TreeBuilder(DiscardingTree(), UnpackBounds(entries: 500, bytes: .mebibytes(1)))
    var reader = TarReader(MeteredSource(Pieces(bytes, step: step), limit: 4 << 20))
    do throws(ArtifactError) {
        while let entry = try reader.next() { try builder.add(entry, from: &reader) }
        _ = try builder.finish()
    } catch {
        precondition(!error.advice.isEmpty)
    }
    do throws(ArtifactError) {
        _ = try DebianControlReader.read(TarReader(MeteredSource(Pieces(bytes, step: step), limit: 4 << 20)))
    } catch {
        precondition(!error.advice.isEmpty)
    }
    return builder.entries.count
}

/// `SEED=…` repeats a run.
struct FuzzArchiveTests {
    private static let seed = SeededGenerator.seedOfRun

    @Test("The corpus is read without a trap, however it is cut", arguments: try Corpus.names())
    func corpus(_ name: String) throws {
        let bytes = try Corpus.bytes(name)
        for step in [1, 511, 512, bytes.count] { fuzzTar(bytes, step: step) }
        for length in stride(from: 0, to: bytes.count, by: 256) { fuzzTar(Array(bytes[..<length]), step: 4096) }
    }

    @Test("Damaged archives with whole checksums are read or refused, never more")
    func mutations() throws {
        print("FuzzArchiveTests.mutations SEED=\(Self.seed)")
        var mutator = TarMutator(seed: Self.seed)
        let archives = try Corpus.names().filter { $0.hasSuffix(".tar") }.map(Corpus.bytes)
        var pastHeader = 0
        for round in 0..<3000 {
            let entries = fuzzTar(mutator.mutate(archives[round % archives.count]), step: 1 + round % 2000)
            pastHeader += entries > 1 ? 1 : 0
        }
        // Otherwise only checksums would have been tested.
        #expect(pastHeader > 600, "SEED=\(Self.seed)")
    }

    @Test("Damaged Debian packages are read or refused, never more")
    func packages() throws {
        print("FuzzArchiveTests.packages SEED=\(Self.seed)")
        var mutator = TarMutator(seed: Self.seed)
        let package = try Corpus.bytes("package.deb")
        let file = try #require(tmpfile())
        defer { fclose(file) }
        for _ in 0..<500 {
            // The members of an ar archive do not begin at blocks of 512, so here it is bytes and blocks that change.
            let bytes = mutator.mutate(package)
            try #require(ftruncate(fileno(file), 0) == 0 && pwrite(fileno(file), bytes, bytes.count, 0) == bytes.count)
            lseek(fileno(file), 0, SEEK_SET)
            do throws(ArtifactError) {
                _ = try ArtifactReader(fileno(file), .debian, UnpackBounds(entries: 500, bytes: .mebibytes(1))).check()
            } catch {
                #expect(!error.advice.isEmpty)
            }
        }
    }
}

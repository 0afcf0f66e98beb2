import Foundation
import FuzzEntry

/// The decoder that this process feeds, by `FUZZ_TARGET`; without one, their names are printed and nothing is done.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
        print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
        exit(name.isEmpty ? 0 : 2)
    }
    return target
}()

/// What libFuzzer's own main calls first: writes inputs to begin with, and words, to where `scripts/fuzz` names them.
@_cdecl("LLVMFuzzerInitialize")
func initialize(_: UnsafePointer<CInt>?, _: UnsafeRawPointer?) -> CInt {
    let environment = ProcessInfo.processInfo.environment
    do {
        if let directory = environment["FUZZ_CORPUS"] {
            for (file, bytes) in try target.corpus() {
                try Data(bytes).write(to: URL(filePath: "\(directory)/\(file.lastPathComponent)"))
            }
        }
        if let file = environment["FUZZ_WORDS"] {
            let lines = target.words.map { "\"" + $0.map { String(format: "\\x%02x", $0) }.joined() + "\"\n" }
            try Data(lines.joined().utf8).write(to: URL(filePath: file))
        }
    } catch {
        print("the corpus of \(target.name) can't be written: \(error)")
        exit(2)
    }
    return 0
}

/// What it calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(bytes: UnsafePointer<UInt8>?, size: Int) -> CInt {
    _ = target.read(Array(UnsafeBufferPointer(start: bytes, count: size)))
    return 0
}

import Foundation
import Testing

/// One TLS stack, which the distribution patches: no program brings or loads another.
struct LinkageTests {
    @Test("No second TLS stack is loaded or linked", arguments: ["fleet", "agent", "fleet-unpack"])
    func oneStack(program: String) throws {
        let products = Bundle.main.bundleURL
        let path = [
            products, products.deletingLastPathComponent(), Checkout.root.appendingPathComponent(".build/debug"),
        ]
        .map { $0.appendingPathComponent(program).path }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
        let file = try #require(path, "\(program) must be built first")
        let loaded = try Self.output("ldd", file)
        for library in ["gnutls", "libnss", "mbedtls", "boringssl"] {
            #expect(!loaded.lowercased().contains(library), "\(program) loads \(library)")
        }
        let symbols = try Self.output("nm", file)
        #expect(!symbols.contains("BoringSSL"))
        if program != "fleet-unpack" { #expect(!loaded.contains("libarchive")) }
    }

    private static func output(_ command: String, _ argument: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command, argument]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }
}

import Foundation
import Testing

/// What tests may do to an agent, and nobody else.
struct FailpointTests {
    @Test("Only debug builds of the agent have failpoints")
    func debugOnly() throws {
        let manifest = try String(contentsOf: Checkout.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let parts = manifest.components(separatedBy: "\"FAILPOINTS\"")
        #expect(
            parts.count == 2 && parts[1].hasPrefix(", .when(configuration: .debug))"),
            "defined for debug builds only"
        )
        var readers = 0
        for file in try Checkout.swiftFiles("Sources") where file.text.contains("FLEET_FAILPOINTS") {
            readers += 1
            let isWhole = file.text.hasPrefix("#if FAILPOINTS\n") && file.text.hasSuffix("\n#endif\n")
            let isOne = file.text.components(separatedBy: "#endif").count == 2 && !file.text.contains("#else")
            #expect(isWhole && isOne, "\(file.path) must be compiled in debug builds only")
        }
        #expect(readers == 1)
        let words = try Checkout.swiftFiles("Sources").filter { $0.text.contains("FailpointOrder.shared") }
        #expect(words.count == 1)
        for file in words {
            let call = "        #if FAILPOINTS\n        FailpointOrder.shared.pass(point)\n        #endif\n"
            #expect(file.text.contains(call), "\(file.path) must ask in debug builds only")
        }
    }
}

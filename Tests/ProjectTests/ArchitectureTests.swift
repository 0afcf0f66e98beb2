import Testing

/// docs/architecture.md, as tests.
struct ArchitectureTests {
    @Test("Decisions import values alone", arguments: ["Rollout", "Activation"])
    func decisionsArePure(target: String) throws {
        let files = try Checkout.swiftFiles("Sources/\(target)")
        #expect(!files.isEmpty)
        for file in files {
            #expect(Checkout.imports(file.text).allSatisfy { $0 == "Model" }, "\(file.path)")
            for word in ["Date()", ".now()", ".random(", "Task {", "print("] {
                #expect(!file.text.contains(word), "\(file.path) uses \(word)")
            }
        }
    }

    @Test("Values import nothing")
    func valuesAreAlone() throws {
        for file in try Checkout.swiftFiles("Sources/Model") {
            #expect(Checkout.imports(file.text).isEmpty, "\(file.path)")
        }
    }

    @Test("Agent and coordinator never meet")
    func sidesAreApart() throws {
        for file in try Checkout.swiftFiles("Sources/Agent") + Checkout.swiftFiles("Sources/AgentCommand") {
            #expect(!Checkout.imports(file.text).contains { ["Coordinator", "Rollout"].contains($0) }, "\(file.path)")
        }
        for file in try Checkout.swiftFiles("Sources/Coordinator") + Checkout.swiftFiles("Sources/FleetCommand") {
            #expect(!Checkout.imports(file.text).contains { ["Agent", "Activation"].contains($0) }, "\(file.path)")
        }
    }

    @Test("Only the sandboxed child reads archives")
    func archivesAreApart() throws {
        for target in ["Agent", "AgentCommand", "Coordinator", "FleetCommand", "Artifacts"] {
            for file in try Checkout.swiftFiles("Sources/\(target)") {
                #expect(!Checkout.imports(file.text).contains { ["Archive", "CArchive"].contains($0) }, "\(file.path)")
            }
        }
    }

    @Test("No source links full Foundation")
    func foundationStaysOut() throws {
        for file in try Checkout.swiftFiles("Sources") {
            #expect(!Checkout.imports(file.text).contains("Foundation"), "\(file.path)")
        }
    }
}

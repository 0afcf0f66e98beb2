import ArgumentParser

/// For people or for machines.
struct OutputOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Option(help: "How results are printed.")
    var output: Format = .text

    /// Prints a result: `text` for people, `value` for machines.
    func render(_ value: some Encodable, text: @autoclosure () -> [String]) throws {
        switch output {
        case .text: for line in text() { Console.result(line) }
        case .json: Console.result(try JSONOutput.text(value))
        }
    }
}

import ArgumentParser
import Coordinator
import Model
import Trust

/// `fleet key`: the development key's public half, as hosts are made to trust it.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Show the development key's public half, and the builders that new hosts believe."
    )

    @OptionGroup var common: CommonOptions

    func run() throws {
        let layout = try common.workspace().layout
        let trust = try BuilderTrust.load(directory: layout.builders)
        for builder in trust.builders {
            Console.note("\(builder.key) for \(builder.builder)\(builder.source.map { ", source \($0)" } ?? "")")
        }
        Console.draw("\(layout.developmentPublicKey):\n")
        Console.result(String(decoding: try SmallFile.read(layout.developmentPublicKey).dropLast(), as: UTF8.self))
    }
}

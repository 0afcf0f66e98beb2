import Model
import Testing

@testable import Agent

struct EnvironmentFileTests {
    @Test(
        "What systemd would unescape is escaped, also where Unicode joins it with what follows",
        arguments: [
            (#"say "hi" for $5"#, #"say \"hi\" for \$5"#),
            ("\"\u{301}; $\u{20DD} `\u{FE0F} \\\u{301}", "\\\"\u{301}; \\$\u{20DD} \\`\u{FE0F} \\\\\u{301}"),
            ("Grüß €", "Grüß €"),
        ]
    )
    func escapes(_ value: String, _ escaped: String) throws {
        let bytes = EnvironmentFile.render([try ConfigEntry(key: "KEY", value: value)])
        #expect(bytes == Array("KEY=\"\(escaped)\"\n".utf8))
    }
}

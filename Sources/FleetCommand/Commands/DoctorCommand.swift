import ArgumentParser
import Coordinator
import Model

/// `fleet doctor`: looks at everything and says what to fix.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check keys, certificates and every host, and say what to fix.",
        discussion: "Ends with 0 when nothing stands in the way of a rollout, else with 2."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let findings = try await common.desk().examine()
        try output.render(findings, text: findings.map(Self.line) + [Self.verdict(findings)])
        try (findings.contains { $0.severity == .problem } ? ExitStatus.failed : .success).leave()
    }

    static func line(_ finding: Finding) -> String {
        let mark =
            switch finding.severity {
            case .fine: "ok      "
            case .warning: "warning "
            case .problem: "PROBLEM "
            }
        let remedy = finding.remedy.map { "\n        \($0)" } ?? ""
        return "\(mark)\(finding.subject): \(finding.text)\(remedy)"
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    static func verdict(_ findings: [Finding]) -> String {
        let problems = findings.count { $0.severity == .problem }
        let warnings = findings.count { $0.severity == .warning }
        if problems == 0, warnings == 0 { return "everything is fine" }
        return "\(count(problems, "problem")), \(count(warnings, "warning"))"
    }
}

import Archive
import Artifacts
import Glibc

/// `fleet-unpack`: the one program that reads archives, in a sandbox that it enters before any thread exists.
///
/// Exit codes: 0 done, 1 refused or failed (the report says why), 2 not understood.
@main
struct FleetUnpack {
    static func main() {
        Sandbox.dropInheritance()
        let arguments: ToolArguments
        do throws(ArtifactError) {
            arguments = try ToolArguments(Array(CommandLine.arguments.dropFirst()))
        } catch {
            exit(write(ToolReport(error: error), to: .messages) ? 2 : 1)
        }
        let target: ToolDescriptor = arguments.hasReportDescriptor ? .report : .messages
        let report = ToolRun(arguments).report()
        let isWritten = write(report, to: target)
        exit(isWritten && report.error == nil ? 0 : 1)
    }

    private static func write(_ report: ToolReport, to target: ToolDescriptor) -> Bool {
        do throws(ArtifactError) {
            let line = try report.line() + [0x0A]
            let file = OpenFile(owning: target.rawValue)
            try line.withUnsafeBufferPointer { (line) throws(ArtifactError) in
                try file.write(UnsafeRawBufferPointer(line), name: "the report")
            }
            return true
        } catch {
            return false
        }
    }
}

import Artifacts
import Foundation
import Testing

/// Runs the real `fleet-unpack` as an agent does, from a small parent that asks the kernel what the child has used.
///
/// A child inherits the peak memory of the process that it was forked from, so the tests' own would hide it.
struct MeasuredTool {
    struct Job: Encodable {
        /// A mode and its options, without those that concern the report.
        let arguments: [String]
        /// The file that the child reads, or the Python that writes to its standard input.
        var input: String?
        var producer: String?
        /// The directory that it gets.
        var directory: String?
    }

    struct Run: Decodable {
        /// The exit code, or a negated signal.
        let end: Int
        let report: String
        /// Most memory in KiB that was resident at once (getrusage(2)).
        let peak: Int
        /// Seconds of CPU time.
        let cpu: Double
        /// What /proc said of it while it waited for input, for a producer that asked.
        let status: String
        let limits: String

        func parsed() throws -> ToolReport { try ToolReport(parsing: Array(report.utf8)) }

        func error() throws -> ArtifactError { try #require(try parsed().error, "accepted: \(report)") }
    }

    let place: Workplace

    func run(_ job: Job) throws -> Run { try #require(try run([job]).first) }

    func run(_ jobs: [Job]) throws -> [Run] {
        let input = try JSONEncoder().encode(jobs)
        try input.write(to: URL(filePath: "\(place.path)/jobs.json"))
        let output = try place.shell("python3 - '\(try place.tool().path)' jobs.json <<'END'\n\(Self.script)\nEND")
        try place.shell("rm jobs.json")
        return try JSONDecoder().decode([Run].self, from: Data(output.utf8))
    }

    /// The descriptors are those of `ToolDescriptor`.
    private static let script = """
        import json, os, signal, sys
        tool, results = sys.argv[1], []
        def child(job, source, report):
            directory = os.open(job['directory'], os.O_RDONLY) if 'directory' in job else os.open('/dev/null', os.O_RDWR)
            null = os.open('/dev/null', os.O_RDWR)
            given = [os.dup(f) for f in (source, null, 2, directory, report)]
            high = [os.dup2(f, 100 + i) for i, f in enumerate(given)]
            for i, f in enumerate(high): os.dup2(f, i, inheritable=True)
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            for number in (signal.SIGXCPU, signal.SIGPIPE, signal.SIGXFSZ): signal.signal(number, signal.SIG_DFL)
            os.execve(tool, [tool] + job['arguments'] + ['--report'], {'LC_ALL': 'C', 'SWIFT_BACKTRACE': 'enable=no'})
        for job in json.load(open(sys.argv[2])):
            seen = {'status': '', 'limits': ''}
            read, write = os.pipe()
            if 'producer' in job: source, feed = os.pipe()
            else: source, feed = os.open(job['input'], os.O_RDONLY), None
            pid = os.fork()
            if pid == 0:
                try: child(job, source, write)
                finally: os._exit(99)
            os.close(write); os.close(source)
            if feed is not None:
                out = open(feed, 'wb')
                def look():
                    for name in seen: seen[name] = open(f'/proc/{pid}/{name}').read()
                try:
                    exec(job['producer'], {'out': out, 'look': look})
                    out.close()
                except BrokenPipeError: pass
            report = open(read, 'rb').read().decode()
            _, status, usage = os.wait4(pid, 0)
            end = os.waitstatus_to_exitcode(status)
            results.append(dict(seen, end=end, report=report, peak=usage.ru_maxrss, cpu=usage.ru_utime + usage.ru_stime))
        print(json.dumps(results))
        """
}

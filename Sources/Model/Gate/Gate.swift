/// A question that a stage must pass once it has baked, before the next may start.
///
/// It stands in the plan as a whole, so that whoever approves the plan approves what it is judged by.
package struct Gate: Hashable, Codable, Sendable {
    package var name: GateName
    package var question: Question
    /// Time for one answer.
    package var timeout: TimeSpan
    /// Time from one answer to the next attempt.
    package var interval: TimeSpan
    /// Inconclusive answers in a row after which there is another attempt.
    package var retries: Int
    /// Failing answers in a row after which there is another attempt.
    package var failureLimit: Int
    package var onFail: FailurePolicy
    package var onInconclusive: FailurePolicy

    package init(
        name: GateName,
        question: Question,
        timeout: TimeSpan = .seconds(10),
        interval: TimeSpan = .seconds(30),
        retries: Int = 4,
        failureLimit: Int = 0,
        onFail: FailurePolicy = .rollback,
        onInconclusive: FailurePolicy = .pause
    ) {
        self.name = name
        self.question = question
        self.timeout = timeout
        self.interval = interval
        self.retries = retries
        self.failureLimit = failureLimit
        self.onFail = onFail
        self.onInconclusive = onInconclusive
    }

    package enum Question: Hashable, Codable, Sendable {
        case http(HTTPGate)
        case prometheus(PrometheusGate)
        case comparison(ComparisonGate)
        case alertmanager(AlertmanagerGate)
        case systemd(SystemdGate)
        case service(ServiceGate)
        /// A program that the coordinator runs: 0 is a pass, 1 a fail, everything else inconclusive.
        case command([String])
        /// A person says `fleet promote`; the text is what they are asked.
        case person(String)
    }

    /// Whether people answer, and no program asks.
    package var isForPeople: Bool {
        switch question {
        case .person: true
        case .prometheus, .comparison, .alertmanager, .systemd, .service, .http, .command: false
        }
    }

    /// Whether it holds the hosts that run the release against those that do not.
    package var comparesHosts: Bool {
        switch question {
        case .comparison: true
        case .systemd(let gate): gate.comparesHosts
        case .prometheus, .alertmanager, .service, .http, .command, .person: false
        }
    }

    /// The time before its question that it looks at, as far as it says so; nil for the moment alone.
    package var looksBack: TimeSpan? {
        switch question {
        case .prometheus(let gate): gate.range?.over
        case .comparison(let gate):
            switch gate.measure {
            case .samples(let samples): samples.range.over
            case .counts: nil
            }
        case .service(let gate): gate.resolved?.gates.compactMap(\.looksBack).max()
        case .alertmanager, .systemd, .http, .command, .person: nil
        }
    }

    /// What is asked, on one line.
    package var demand: String {
        switch question {
        case .http(let gate):
            let value = gate.pointer.map { ", \($0) is \(gate.demand.map { "\($0)" } ?? "there")" } ?? ""
            return "GET \(gate.url) answers \(gate.status)\(value)"
        case .prometheus(let gate):
            let requests = gate.requests.map { ", from \($0.min) requests on by \($0.query)" } ?? ""
            let range = gate.range.map { ", \($0)" } ?? ""
            return "Prometheus at \(gate.url) answers \(gate.bounds) to \(gate.query)\(range)\(requests)"
        case .comparison(let gate): return "Prometheus at \(gate.url): \(gate.demand)"
        case .alertmanager(let gate): return gate.demand
        case .systemd(let gate):
            return "units of the stage: \(gate.demand)"
        case .service(let gate): return gate.demand
        case .command(let words): return "'\(words.joined(separator: " "))' ends with 0"
        case .person(let text): return "a person says `fleet promote`: \(text)"
        }
    }
}

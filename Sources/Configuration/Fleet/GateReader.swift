internal import Model

/// Reads one entry of `gates`, of a service or of one of its environments.
struct GateReader {
    private let reader: MappingReader<FleetKeys.Gate>
    private let name: GateName
    private var findings: Findings { reader.findings }

    private static let timeouts = TimeSpan.milliseconds(100)...TimeSpan.minutes(10)
    private static let intervals = TimeSpan.milliseconds(100)...TimeSpan.hours(24)
    private static let attempts = 0...1000

    /// What stands under `gates`.
    static func entries<Keys: KeySet>(_ reader: MappingReader<Keys>, _ key: Keys) -> [Node.Entry] {
        reader.entries(key, of: "names and questions, for example {errors: {command: [bin/errors]}}") ?? []
    }

    /// All gates of an environment; `onFail` is what it does about hosts that fail.
    static func read(_ entries: [Node.Entry], onFail: FailurePolicy, _ findings: Findings) -> [Gate] {
        entries.compactMap { entry in
            let node = Node(mark: entry.mark, content: .scalar(entry.key, isPlain: false))
            guard let name = findings.value(node, "gates", GateName.init(parsing:)),
                let inner = MappingReader<FleetKeys.Gate>(entry.value, entry.key, findings: findings)
            else { return nil }
            return Self(reader: inner, name: name).gate(onFail: onFail)
        }
    }

    /// A gate that none of these stages names judges nothing, and whoever wrote it believes otherwise.
    static func checkUse(_ gates: [Node.Entry], by stages: [StagePolicy], _ findings: Findings) {
        let used = Set(stages.flatMap(\.gates).map(\.text))
        for gate in gates where !used.contains(gate.key) {
            let advice =
                "gates: no stage names '\(gate.key)', so it would judge nothing; write gates: [\(gate.key)] in a stage"
            findings.add(.contradiction, at: gate.mark, advice)
        }
    }

    private func gate(onFail: FailurePolicy) -> Gate? {
        let kinds = FleetKeys.Gate.kinds.filter { reader[$0] != nil }
        guard let kind = kinds.first, kinds.count == 1 else {
            let names = FleetKeys.Gate.kinds.map(\.rawValue).joined(separator: ", ")
            let found = kinds.isEmpty ? "none" : kinds.map(\.rawValue).joined(separator: " and ")
            findings.add(.invalidValue, at: reader.mark, "a gate is exactly one of \(names); found \(found)")
            return nil
        }
        refuseKeys(of: kind)
        guard let question = question(kind) else { return nil }
        var gate = Gate(name: name, question: question, onFail: onFail)
        gate.timeout = reader.span(.timeout, in: Self.timeouts) ?? gate.timeout
        gate.interval = reader.span(.interval, in: Self.intervals) ?? gate.interval
        gate.retries = reader.number(.retries, in: Self.attempts) ?? gate.retries
        gate.failureLimit = reader.number(.failureLimit, in: Self.attempts) ?? gate.failureLimit
        gate.onFail = reader.choice(.onFail, among: FailurePolicy.allCases) ?? gate.onFail
        gate.onInconclusive = reader.choice(.onInconclusive, among: FailurePolicy.allCases) ?? gate.onInconclusive
        return gate
    }

    /// A key that would do nothing was meant for something.
    private func refuseKeys(of kind: FleetKeys.Gate) {
        for key in FleetKeys.Gate.allCases where reader[key] != nil && !key.belongs(to: kind) {
            let advice = "\(key.rawValue): has no meaning in a \(kind.rawValue) gate"
            findings.add(.contradiction, at: reader.mark(of: key), advice)
        }
    }

    private func question(_ kind: FleetKeys.Gate) -> Gate.Question? {
        switch kind {
        case .prometheus: PrometheusGateReader(reader).question
        case .alertmanager: alertmanager.map(Gate.Question.alertmanager)
        case .systemd: systemd.map(Gate.Question.systemd)
        case .service: service.map(Gate.Question.service)
        case .http: http.map(Gate.Question.http)
        case .command: command.map(Gate.Question.command)
        case .person: reader.text(.person).map(Gate.Question.person)
        case .query, .requests, .minRequests, .over, .step, .minSamples, .compare, .bad, .significance, .tolerance,
            .gates, .match, .watchdog, .status, .pointer, .equals, .min, .max, .timeout, .interval, .retries,
            .failureLimit,
            .onFail,
            .onInconclusive:
            preconditionFailure("not a kind of gate")
        }
    }

    // MARK: Kinds

    private var alertmanager: AlertmanagerGate? {
        guard let url = reader.value(.alertmanager, Self.base), reader.required(.match) != nil,
            let match = matchers(.match)
        else { return nil }
        guard reader[.watchdog] != nil else { return AlertmanagerGate(url: url, match: match) }
        return matchers(.watchdog).map { AlertmanagerGate(url: url, match: match, watchdog: $0) }
    }

    private func matchers(_ key: FleetKeys.Gate) -> [AlertMatcher]? {
        guard let nodes = reader.list(key, of: "matchers") else { return nil }
        let matchers = nodes.compactMap { findings.value($0, key.rawValue, AlertMatcher.init(parsing:)) }
        guard !nodes.isEmpty, matchers.count == nodes.count else {
            if nodes.isEmpty {
                let advice = "\(key.rawValue): name one label at least, for example ['service=\"web\"']"
                findings.add(.invalidValue, at: reader.mark(of: key), advice)
            }
            return nil
        }
        return matchers
    }

    private static func base(_ text: String) throws(ModelError) -> String {
        guard !text.contains("?"), !text.contains("/api/v") else {
            let advice = "is no address of Alertmanager: write it without /api/v2, for example http://alertmanager:9093"
            throw ModelError(.invalidName, found: text, advice: advice)
        }
        return try CheckReader.validated(url: text)
    }

    private var systemd: SystemdGate? {
        guard let node = reader[.systemd],
            let inner = MappingReader<FleetKeys.Units>(node, "systemd", findings: findings)
        else { return nil }
        return SystemdGate(
            maxRestarts: inner.number(.maxRestarts, in: 0...1_000_000) ?? 0,
            maxErrorLines: inner.number(.maxErrorLines, in: 0...Self.mostErrorLines),
            maxMemory: share(inner, .maxMemory),
            maxCPU: share(inner, .maxCPU)
        )
    }

    /// Agents count no further.
    private static let mostErrorLines = 9999

    /// What every host uses is at least as much as the others do.
    private func share(_ reader: MappingReader<FleetKeys.Units>, _ key: FleetKeys.Units) -> Share? {
        guard let share = reader.value(key, Share.init(parsing:)) else { return nil }
        guard share.value >= 1 else {
            let advice =
                "\(key.rawValue): \(share) of what unchanged hosts use is less than they do; write for example 150%"
            findings.add(.invalidValue, at: reader.mark(of: key), advice)
            return nil
        }
        return share
    }

    private var service: ServiceGate? {
        guard let service = reader.value(.service, ServiceName.init(parsing:)), reader.required(.gates) != nil,
            let nodes = reader.list(.gates, of: "names of its gates")
        else { return nil }
        let names = nodes.compactMap { findings.value($0, "gates", GateName.init(parsing:)) }
        guard names.count == nodes.count, !names.isEmpty, Set(names).count == names.count else {
            let advice = "gates: name each gate of '\(service)' once, and at least one"
            findings.add(.invalidValue, at: reader.mark(of: .gates), advice)
            return nil
        }
        return ServiceGate(service: service, names: names)
    }

    private var http: HTTPGate? {
        guard let url = reader.value(.http, CheckReader.validated(url:)) else { return nil }
        var gate = HTTPGate(url: url)
        gate.status = reader.number(.status, in: 100...599) ?? gate.status
        gate.pointer = reader.value(.pointer, JSONPointer.init(parsing:))
        gate.demand = demand
        if (reader[.pointer] == nil) != (gate.demand == nil) {
            let advice = "pointer: says where the value stands, and equals, min or max what it must be: write both"
            findings.add(.contradiction, at: reader.mark(of: .pointer), advice)
        }
        return gate
    }

    private var demand: HTTPGate.Demand? {
        let bounds = reader.bounds
        guard let text = reader.text(.equals) else { return bounds.map(HTTPGate.Demand.bounds) }
        if bounds != nil {
            findings.add(
                .contradiction,
                at: reader.mark(of: .equals),
                "equals: stands beside min or max; keep one of the two"
            )
        }
        return .equals(text)
    }

    private var command: [String]? {
        guard let nodes = reader.list(.command, of: "words") else { return nil }
        let words = nodes.compactMap { findings.text($0, "command") }
        guard words.first?.isEmpty == false, words.allSatisfy({ !$0.utf8.contains(0) }) else {
            let advice = "command: expected a program and its arguments, without NUL, for example [bin/errors, --all]"
            findings.add(.invalidValue, at: reader.mark(of: .command), advice)
            return nil
        }
        return words
    }
}

extension FleetKeys.Gate {
    /// Whether the key means something in a gate of this kind.
    fileprivate func belongs(to kind: Self) -> Bool {
        switch self {
        case .prometheus, .alertmanager, .systemd, .service, .http, .command, .person: self == kind
        case .query, .requests, .minRequests, .over, .step, .minSamples, .compare, .bad, .significance, .tolerance:
            kind == .prometheus
        case .gates: kind == .service
        case .match, .watchdog: kind == .alertmanager
        case .status, .pointer, .equals: kind == .http
        case .min, .max: kind == .http || kind == .prometheus
        case .timeout, .interval, .retries, .failureLimit, .onFail, .onInconclusive: kind != .person
        }
    }
}

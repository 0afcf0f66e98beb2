internal import Model

/// Reads one entry of `checks`.
struct CheckReader {
    /// Those whose name may stand where `{instance}` does; empty where none may.
    let instances: [InstanceName]

    private static let timeouts = TimeSpan.milliseconds(1)...TimeSpan.hours(1)

    func read(_ node: Node, findings: Findings) -> Check? {
        guard let reader = MappingReader<ServiceKeys.Check>(node, "a check", findings: findings) else { return nil }
        let kinds = ServiceKeys.Check.kinds.filter { reader[$0] != nil }
        guard let kind = kinds.first, kinds.count == 1 else {
            let names = ServiceKeys.Check.kinds.map(\.rawValue).joined(separator: ", ")
            let found = kinds.isEmpty ? "none" : kinds.map(\.rawValue).joined(separator: " and ")
            findings.add(.invalidValue, at: node.mark, "a check is exactly one of \(names); found \(found)")
            return nil
        }
        refuseHTTPKeys(reader, kind: kind)
        guard let meaning = meaning(reader, kind: kind) else { return nil }
        var check = Check(kind: meaning)
        check.timeout = reader.span(.timeout, in: Self.timeouts) ?? check.timeout
        return check
    }

    private func refuseHTTPKeys(_ reader: MappingReader<ServiceKeys.Check>, kind: ServiceKeys.Check) {
        guard kind != .http else { return }
        for key in [ServiceKeys.Check.expect, .headers] where reader[key] != nil {
            let advice = "\(key.rawValue): belongs to an http check, this is a \(kind.rawValue) check"
            reader.findings.add(.contradiction, at: reader.mark(of: key), advice)
        }
    }

    private func meaning(_ reader: MappingReader<ServiceKeys.Check>, kind: ServiceKeys.Check) -> Check.Kind? {
        switch kind {
        case .http: http(reader).map(Check.Kind.http)
        case .tcp:
            reader.value(.tcp) { (text) throws(ModelError) in .tcp(address: try address(text)) }
        case .command: reader.command(.command).map(Check.Kind.command)
        case .heartbeat: heartbeat(reader)
        case .file: file(reader)
        case .expect, .headers, .timeout: preconditionFailure("not a kind of check")
        }
    }

    /// As people wrote it, or as it is written best.
    private func address(_ text: String) throws(ModelError) -> String {
        guard !instances.isEmpty, text.contains(InstancePair.placeholder) else {
            return try HostPort(parsing: text).description
        }
        try forEachInstance(text) { (one) throws(ModelError) in _ = try HostPort(parsing: one) }
        return text
    }

    /// What a check asks must be good for each instance.
    private func forEachInstance(_ text: String, _ judge: (String) throws(ModelError) -> Void) throws(ModelError) {
        guard !instances.isEmpty else { return try judge(text) }
        for instance in instances { try judge(text.naming(instance)) }
    }

    private func file(_ reader: MappingReader<ServiceKeys.Check>) -> Check.Kind? {
        reader.value(.file) { (text) throws(ModelError) in
            _ = try RelativePath(parsing: text.hasPrefix("/") ? String(text.dropFirst()) : text)
            return .file(text)
        }
    }

    private func heartbeat(_ reader: MappingReader<ServiceKeys.Check>) -> Check.Kind? {
        guard let node = reader[.heartbeat],
            let inner = MappingReader<ServiceKeys.Heartbeat>(node, "heartbeat", findings: reader.findings)
        else { return nil }
        _ = inner.required(.file)
        _ = inner.required(.newerThan)
        guard let file = inner.absolutePath(.file),
            let age = inner.span(.newerThan, in: .milliseconds(100)...TimeSpan.hours(24))
        else { return nil }
        return .heartbeat(file: file, newerThan: age)
    }

    private func http(_ reader: MappingReader<ServiceKeys.Check>) -> HTTPCheck? {
        guard
            let url = reader.value(
                .http,
                { (text) throws(ModelError) in
                    try forEachInstance(text) { (one) throws(ModelError) in _ = try Self.validated(url: one) }
                    return text
                }
            )
        else {
            return nil
        }
        var check = HTTPCheck(url: url)
        if let node = reader[.expect],
            let expect = MappingReader<ServiceKeys.Expect>(node, "expect", findings: reader.findings)
        {
            check.status = expect.number(.status, in: 100...599) ?? check.status
            check.bodyContains = expect.text(.bodyContains)
        }
        let headers = reader.entries(.headers, of: "header names and values") ?? []
        check.headers = headers.compactMap { Self.header($0, reader.findings) }
        return check
    }

    private static func header(_ entry: Node.Entry, _ findings: Findings) -> HTTPCheck.Header? {
        guard let value = findings.text(entry.value, entry.key) else { return nil }
        let isName =
            !entry.key.isEmpty && entry.key.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x2D || $0 == 0x5F }
        guard isName, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            let advice = "header '\(entry.key)': a name has letters, digits, '-' and '_', a value no control characters"
            findings.add(.invalidValue, at: entry.mark, advice)
            return nil
        }
        return HTTPCheck.Header(name: entry.key, value: value)
    }

    /// An `http` or `https` URL with a host, printable and without user information.
    static func validated(url text: String) throws(ModelError) -> String {
        let scheme = ["http://", "https://"].first(where: text.hasPrefix)
        let rest = text.dropFirst(scheme?.count ?? 0)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        // The port is only there to make the parser's rule for addresses fit.
        let hasPort =
            authority.last?.isNumber == true
            && (authority.contains("]:") || authority.contains(":") && !authority.hasPrefix("["))
        let address = hasPort ? String(authority) : "\(authority):80"
        let isPrintable = text.utf8.allSatisfy { 0x21...0x7E ~= $0 } && !text.contains("#")
        guard scheme != nil, isPrintable, (try? HostPort(parsing: address)) != nil else {  // only whether it is one
            let advice = "is no URL to check: write for example http://127.0.0.1:8080/healthz"
            throw ModelError(.invalidName, found: text, advice: advice)
        }
        return text
    }
}

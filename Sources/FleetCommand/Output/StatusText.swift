import Coordinator
import Model
import Rollout

/// What runs where, as a table per service and environment.
struct StatusText {
    private let hosts: [HostStatus]
    private let now: WallTime

    init(_ hosts: [HostStatus], at now: WallTime) {
        self.hosts = hosts
        self.now = now
    }

    var lines: [String] {
        var lines: [String] = []
        var rest = hosts[...]
        while let first = rest.first {
            let group = rest.prefix { $0.service == first.service && $0.environment == first.environment }
            rest = rest.dropFirst(group.count)
            if !lines.isEmpty { lines.append("") }
            let inService = group.count { $0.isInService }
            lines.append("\(first.service) in \(first.environment): \(inService) of \(group.count) hosts in service")
            lines += table(group).map { "  \($0)" } + group.flatMap(remarks) + reviews(group) + quarantine(group)
        }
        return lines
    }

    private func table(_ group: ArraySlice<HostStatus>) -> [String] {
        var table = Table("HOST", "VERSION", "REVISION", "HEALTH", "SINCE", "PREVIOUS", "NOTES")
        for status in group {
            let report = status.report
            table.add(
                status.host.text,
                report?.current.map { "\($0.id)" } ?? "-",
                report?.current?.source?.short ?? "-",
                health(status),
                report?.current?.since.map(age) ?? "-",
                report?.previous?.id.version.text ?? "-",
                notes(status)
            )
        }
        return table.lines
    }

    private func health(_ status: HostStatus) -> String {
        guard status.unreachable == nil else {
            return status.arrears?.state == .unknown ? "unknown" : "unreachable"
        }
        guard let report = status.report, report.current != nil else { return "-" }
        switch report.health {
        case .healthy: return report.isDrained ? "drained" : "healthy"
        case .unhealthy: return "unhealthy"
        case .unknown: return "unknown"
        }
    }

    private func notes(_ status: HostStatus) -> String {
        guard let report = status.report else { return status.trust.map { "trust root \($0.version)" } ?? "" }
        var notes: [String] = []
        if let operation = report.operation, operation.phase.isInFlight || operation.phase == .stuck {
            let busy = operation.awaitsIdle == true ? ", waits for it to be idle" : ""
            notes.append("\(operation.phase.rawValue) \(operation.target.version)\(busy)")
        }
        if report.operation?.phase == .kept { notes.append("kept without commit") }
        if report.held != nil { notes.append("held") }
        if !report.drift.isEmpty { notes.append("drift") }
        if report.current?.isConfirmed == false { notes.append("unconfirmed") }
        if let broken = report.current?.breakGlass { notes.append("BREAK-GLASS by \(broken.by)") }
        if let claim = report.claim { notes.append("claimed by \(claim.rollout.label)") }
        if let trust = status.trust { notes.append("trust root \(trust.version)") }
        return notes.joined(separator: ", ")
    }

    /// Emergencies that wait for a second person, each once however many hosts it touched.
    private func reviews(_ group: ArraySlice<HostStatus>) -> [String] {
        let open = Set(group.flatMap { $0.openReviews ?? [] }).sorted { $0.record < $1.record }
        return open.map { "  \(AuditText.review($0))" }
    }

    /// What was taken back here, each artifact once.
    private func quarantine(_ group: ArraySlice<HostStatus>) -> [String] {
        let all = Set(group.flatMap { $0.quarantine ?? [] }).sorted { $0.rollout.number < $1.rollout.number }
        return all.map { "  \($0.description)" }
    }

    /// What a table has no room for.
    private func remarks(_ status: HostStatus) -> [String] {
        var remarks: [String] = []
        if let reason = status.unreachable { remarks.append("unreachable: \(reason)") }
        if let refusal = status.ledgerRefusal { remarks.append("ledger refused: \(refusal)") }
        if case .unhealthy(let reason) = status.report?.health { remarks.append("unhealthy: \(reason)") }
        if let held = status.report?.held {
            remarks.append("held: \(held); `fleet host unhold \(status.host)` releases it")
        }
        if let arrears = status.arrears { remarks.append(ArrearsText(arrears, next: status.next).line) }
        if let operation = status.report?.operation, operation.phase == .kept, let failure = operation.failure {
            let advice = "`fleet watch` shows its rollout, `fleet abort --rollback` takes it back"
            remarks.append("\(failure.message); \(advice)")
        }
        remarks += (status.report?.drift ?? []).map { "drift: \($0)" }
        remarks += (status.report?.overrides ?? []).map { "added on the host: \($0)" }
        if status.hasDrifted {
            let place = "\(status.service) --env \(status.environment)"
            remarks.append("`fleet restart \(place) --repair-drift` brings back what was released")
        }
        return remarks.map { "  \(status.host): \($0)" }
    }

    /// The largest unit alone: people compare days with days.
    private func age(_ time: WallTime) -> String {
        let seconds = max(0, (now - time).milliseconds / 1000)
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600: return "\(seconds / 60)m"
        case ..<86_400: return "\(seconds / 3600)h"
        case _: return "\(seconds / 86_400)d"
        }
    }
}

import Model

/// A host report for people.
struct StatusText {
    let report: HostReport

    init(_ report: HostReport) { self.report = report }

    var text: String {
        let base = "host \(report.host)   agent \(report.agentVersion)   \(report.at)   \(report.freeDisk) free"
        let head = ([base] + (report.ledgerRefusal.map { ["LEDGER REFUSED: \($0)"] } ?? [])).joined(separator: "\n")
        guard !report.services.isEmpty else { return "\(head)\n\nno services yet" }
        return ([head] + report.services.map(service)).joined(separator: "\n\n")
    }

    private func service(_ service: ServiceReport) -> String {
        var rows = [("service", "\(service.service) (\(service.environment))"), ("release", release(service.current))]
        if let source = service.current?.source { rows.append(("commit", "\(source.short) of \(source.repository)")) }
        if let since = service.current?.since { rows.append(("since", "\(since)")) }
        if let broken = service.current?.breakGlass {
            let reason = broken.reason ?? "no reason given"
            rows.append(("BREAK-GLASS", " by \(broken.by), without the approvals demanded here: \(reason)"))
        }
        rows.append(("health", health(service)))
        if let unit = service.unit { rows.append(("unit", self.unit(unit))) }
        rows += service.checks.map { ("check", check($0)) }
        rows.append(("previous", release(service.previous)))
        if let operation = service.operation { rows.append(("operation", self.operation(operation))) }
        if let failure = service.operation?.failure {
            rows.append(("failure", "\(failure)"))
            rows += failure.evidence.map { ("", "  \($0)") }
        }
        if let claim = service.claim {
            rows.append(("claim", "\(claim.rollout.label) of \(claim.holder) since \(claim.since)"))
        }
        if let held = service.held { rows.append(("held", "\(held); 'fleet host unhold' or 'agent unhold' ends it")) }
        rows += service.drift.map { ("drift", $0) }
        rows += (service.overrides ?? []).map { ("added", $0) }
        return rows.map { name, value in
            let pad = String(repeating: " ", count: max(0, Self.column - name.count))
            return "\(name)\(pad)\(value)"
        }.joined(separator: "\n")
    }

    /// Width of the names.
    private static let column = 11

    private func release(_ release: InstalledRelease?) -> String {
        guard let release else { return "none" }
        return "\(release.id)\(release.isConfirmed ? "" : " (not confirmed)")"
    }

    private func health(_ service: ServiceReport) -> String {
        let state =
            switch service.health {
            case .healthy: "healthy"
            case .unhealthy(let reason): "UNHEALTHY: \(reason)"
            case .unknown: "unknown"
            }
        return service.isInService ? "\(state), in service" : "\(state), not in service"
    }

    private func unit(_ unit: UnitState) -> String {
        let since = unit.since.map { " since \($0)" } ?? ""
        return "\(unit.unit) \(unit.active) (\(unit.sub))\(since), result \(unit.result), \(unit.restarts) restarts"
    }

    private func check(_ check: CheckResult) -> String {
        check.failure.map { "FAILED \(check.label): \($0)" } ?? "passed \(check.label) in \(check.took)"
    }

    private func operation(_ operation: OperationReport) -> String {
        let from = operation.predecessor.map { " from \($0)" } ?? ""
        let busy = operation.awaitsIdle == true ? ", waits for it to be idle" : ""
        return "\(operation.purpose.rawValue) to \(operation.target)\(from): \(operation.phase.rawValue)\(busy), "
            + "by \(operation.origin), started \(operation.startedAt)"
    }
}

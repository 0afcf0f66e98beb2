import Coordinator
import Model
import Rollout

/// A rollout's moment as lines of text: what the live view draws and `fleet why` prints.
struct RolloutText {
    private let view: RolloutView

    init(_ view: RolloutView) { self.view = view }

    /// Title, capacity, hosts, and what it waits for.
    ///
    /// `most` bounds the lines for hosts; those that say least are left out first.
    func lines(width: Int, most: Int = .max) -> [String] {
        var lines = [title, capacity]
        let shown = hosts(most)
        let names = shown.map(\.host.text.count).max() ?? 0
        let versions = shown.map { ($0.release?.version.text ?? "-").count }.max() ?? 0
        for host in shown { lines.append(line(host, names: names, versions: versions)) }
        if shown.count < view.hosts.count { lines.append("  and \(view.hosts.count - shown.count) more hosts") }
        lines.append("  \(view.pause.map { "paused: \($0.message)" } ?? view.why)")
        return lines.map { String($0.prefix(width)) }
    }

    private var title: String {
        let stage = view.stage.map { ", stage \($0)" } ?? ""
        return "\(view.rollout.label) \(view.service) \(view.target) in \(view.environment): \(view.phase.name)\(stage)"
    }

    /// The weight in service as a bar, with the floor as its mark: `████│█░`.
    var capacity: String {
        let total = max(1, view.total)
        // One cell per unit of weight, unless that is too wide.
        let cells = min(total, 40)
        func scaled(_ weight: Int) -> Int { weight * cells / total }
        let filled = scaled(view.inService)
        let floor = scaled(view.floor)
        var bar = ""
        for cell in 0..<cells {
            if cell == floor, view.floor > 0 { bar += "│" }
            bar += cell < filled ? "█" : "░"
        }
        if floor == cells { bar += "│" }
        let lowest = view.lowest.map { ", lowest \($0)" } ?? ""
        return "  capacity \(bar) \(view.inService) of \(view.total) in service, floor \(view.floor)\(lowest)"
    }

    /// All hosts if there is room, else first those that failed, are in flight or out of service.
    private func hosts(_ most: Int) -> [HostView] {
        guard view.hosts.count > most else { return view.hosts }
        let ranked = view.hosts.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
        return ranked.prefix(max(0, most)).sorted { $0.offset < $1.offset }.map(\.element)
    }

    private func rank(_ host: HostView) -> Int {
        host.failure != nil ? 0 : host.isInFlight ? 1 : host.isInService ? 3 : 2
    }

    private func line(_ host: HostView, names: Int, versions: Int) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let mark = host.failure != nil ? "✗" : host.isInService ? "●" : host.isInFlight ? "◐" : "○"
        let failure = host.failure.map { ": \($0.message)" } ?? ""
        let version = padded(host.release?.version.text ?? "-", versions)
        return "  \(mark) \(padded(host.host.text, names))  \(version)  \(host.doing)\(failure)"
    }
}

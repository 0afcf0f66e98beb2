import Coordinator
import Model
import Rollout

/// Shows a rollout while it runs: redrawn in place on a terminal, line by line elsewhere, as JSON lines for machines.
actor RolloutAudience {
    enum Style: Sendable {
        case live
        case plain
        case json
    }

    private let rollout: RolloutID
    private let plan: Plan
    private let style: Style
    private var drawnLines = 0
    private var latest: RolloutView?
    private var lastCapacity: Int?

    init(_ rollout: StoredRollout, style: Style) {
        self.rollout = rollout.id
        plan = rollout.plan
        self.style = style
    }

    func hear(_ news: RolloutNews) {
        switch news {
        case .view(let view): see(view)
        case .announcement(let announcement, let time): hear(announcement, at: time)
        case .remark(let text): remark(text)
        }
    }

    /// Leaves the picture as it is at the end, then says what came of it.
    func conclude(_ summary: RolloutSummary) throws {
        if style == .live, let latest { draw(latest) }
        guard style != .json else {
            var record = NewsRecord(rollout, .ended)
            record.summary = summary
            return Console.result(try JSONOutput.text(record, isPretty: false))
        }
        for line in SummaryText(rollout, summary).lines { Console.result(line) }
    }

    private func see(_ view: RolloutView) {
        latest = view
        switch style {
        case .plain: break
        case .live: draw(view)
        case .json:
            guard view.inService != lastCapacity else { return }
            lastCapacity = view.inService
            var record = NewsRecord(rollout, .capacity)
            record.inService = view.inService
            record.floor = view.floor
            write(record)
        }
    }

    private func hear(_ announcement: Announcement, at time: WallTime) {
        switch style {
        case .plain: Console.note(NewsText(plan).line(announcement, at: time))
        case .json: write(NewsRecord(announcement, of: rollout, plan, at: time))
        case .live:
            switch announcement {
            // The picture can't show what was refused, who said what, and must not lose why a host failed.
            case .hostFailed, .wordRefused, .approvalAsked, .approved, .glassBroken, .approvalWithdrawn,
                .approvalLapsed, .gateJudged, .promotionAsked, .promoted, .closed, .awaited, .leftOut,
                .queued, .concurrentEnded:
                interject(NewsText(plan).line(announcement, at: time))
            case .phase, .hostStarted, .hostBusy, .hostFinished, .hostRetried, .hostLost, .hostBack, .paused, .resumed,
                .nothingToDo, .opened:
                break
            }
        }
    }

    private func remark(_ text: String) {
        switch style {
        case .plain, .json: Console.note(text)
        case .live: interject(text)
        }
    }

    /// A line that stays, above the picture.
    private func interject(_ line: String) {
        Console.draw(erasure + line + "\n")
        drawnLines = 0
        if let latest { draw(latest) }
    }

    private func draw(_ view: RolloutView) {
        let size = Console.size
        let lines = RolloutText(view).lines(width: size.columns - 1, most: size.rows - 6)
        Console.draw(erasure + lines.joined(separator: "\n") + "\n")
        drawnLines = lines.count
    }

    /// Back to the first line of the picture, and everything below erased.
    private var erasure: String { drawnLines == 0 ? "" : "\u{1B}[\(drawnLines)A\u{1B}[J" }

    private func write(_ record: NewsRecord) {
        // A record has no value that JSON can't carry.
        if let text = try? JSONOutput.text(record, isPretty: false) { Console.result(text) }
    }
}

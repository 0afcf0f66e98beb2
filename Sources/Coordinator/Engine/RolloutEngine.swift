package import Logging
internal import Model
package import Rollout
internal import Trust

/// Runs one rollout: stores each of its decisions in the ledger, then performs it, and tells it what came of that.
///
/// It holds no rule of its own. Killed at any moment and run again, it goes on where the ledger stands.
package actor RolloutEngine {
    /// Written into every record, so that an auditor knows which rules decided; from 2 on, hosts' receipts are recorded.
    package static let version = "2"

    var machine: RolloutMachine
    /// What the wall clock says of the plan.
    private var planClock: PlanClock
    let ledger: Ledger
    private let links: any AgentLinks
    let orders: OrderWriter
    private let gates: any GateJudging
    let clock: CoordinatorClock
    private let logger: Logger
    let mailbox = Mailbox<Message>()
    /// The order that was written last: what is written for a thousand hosts at once is written once.
    var order: WrittenOrder?
    /// What connected hosts have said of the service last, for gates that ask for it.
    private var reports: [HostID: ServiceReport] = [:]
    private var timers: [TimerID: Task<Void, Never>] = [:]
    /// The last word that was taken out of the ledger.
    private var lastWord: Int64 = 0
    /// Waits to show what the watchers have not seen yet.
    private var showing: Task<Void, Never>?
    private let watchers = Broadcast<RolloutNews>()
    private var result: RolloutSummary?
    private let board: NoticeBoard?
    /// What people who do not watch are still to be told; a slow target must not fill the memory.
    private let notices = AsyncStream.makeStream(of: Notice.self, bufferingPolicy: .bufferingNewest(16))

    /// What the engine is told.
    enum Message: Sendable {
        case event(RolloutEvent.Word, by: String)
        case left(LeftWord)
        case link(LinkNews)
        /// The wall clock has something to say.
        case time
    }

    package init(
        rollout: StoredRollout,
        state: RolloutState,
        ledger: Ledger,
        links: any AgentLinks,
        orders: OrderWriter,
        gates: any GateJudging,
        board: NoticeBoard? = nil,
        clock: CoordinatorClock = CoordinatorClock(),
        logger: Logger
    ) throws(CoordinatorError) {
        machine = RolloutMachine(id: rollout.id, plan: rollout.plan, state: state)
        planClock = try PlanClock(rollout.plan)
        self.ledger = ledger
        self.links = links
        self.orders = orders
        self.gates = gates
        self.board = board
        self.clock = clock
        var logger = logger
        logger[metadataKey: "rollout"] = "\(rollout.id.label)"
        self.logger = logger
    }

    package var view: RolloutView { machine.view }

    /// News as they happen, until the rollout comes to rest.
    package func watch() async -> AsyncStream<RolloutNews> { await watchers.subscribe() }

    /// Tells the rollout what a person wants.
    package func say(_ word: OperatorWord, by person: String) async {
        await mailbox.post(.event(.operatorSaid(word), by: person))
    }

    /// Runs until the rollout has ended or stands paused, and returns what became of it.
    ///
    /// `person` is shown to whoever finds the hosts claimed, and has said `words` before it goes on. It throws when the
    /// ledger can't be written, because nothing may happen then.
    package func run(by person: String, saying words: [OperatorWord] = []) async throws -> RolloutSummary {
        let start: RolloutEvent.Word =
            machine.state.isNew ? .started(holder: person, at: clock.wall) : .resumed
        await mailbox.post(.event(start, by: person))
        // Taken together with the start: a paused rollout must not come to rest before it hears that it shall go on.
        for word in words { await mailbox.post(.event(.operatorSaid(word), by: person)) }
        async let telling: Void? = board?.tell(notices.stream)
        let summary = try await withThrowingTaskGroup(of: RolloutSummary?.self) { group in
            group.addTask { try await self.listenForWords() }
            group.addTask { try await self.work() }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let ended { return ended }
            }
            throw CancellationError()
        }
        await show()
        await watchers.finish()
        notices.continuation.finish()
        await telling
        return summary
    }

    /// Looks for words that another process has left in the ledger.
    private func listenForWords() async throws -> RolloutSummary? {
        while !Task.isCancelled {
            for word in try await ledger.words(for: machine.id, after: lastWord) {
                lastWord = word.id
                await mailbox.post(.left(word))
            }
            // By the wall clock, which goes on while a laptop sleeps.
            if let watched = machine.watchedOrder, watched.until < clock.wall {
                await mailbox.post(.event(.orderLapsed(order: watched.order), by: Self.clockName))
            }
            if planClock.isDue(for: machine, at: clock.wall) { await mailbox.post(.time) }
            for other in machine.queuedBehind {
                guard let outcome = try await ledger.outcome(of: other.rollout.number) else { continue }
                await mailbox.post(.event(.concurrentEnded(other.rollout, outcome), by: Self.ledgerName))
            }
            try await Task.sleep(for: Self.wordInterval)
        }
        return nil
    }

    /// How long an operator's word may lie in the ledger.
    private static let wordInterval = Duration.milliseconds(250)
    /// Who says what time it is.
    private static let clockName = "clock"
    /// Who says what has become of others.
    private static let ledgerName = "ledger"

    private func work() async throws -> RolloutSummary? {
        defer {
            for timer in timers.values { timer.cancel() }
            showing?.cancel()
        }
        return try await withThrowingDiscardingTaskGroup { requests in
            var isLinked = false
            while result == nil, let messages = await mailbox.take() {
                try await turn(messages, requests: &requests)
                guard !isLinked, machine.needsHosts else { continue }
                // One that waits for its time for days keeps no hosts busy.
                isLinked = true
                requests.addTask { [links, mailbox] in await links.run { await mailbox.post(.link($0)) } }
            }
            requests.cancelAll()
            return result
        }
    }

    /// Takes all that has come, stores it together, then performs what it decided.
    private func turn(_ messages: [Message], requests: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        var entries: [RolloutTurn.Entry] = []
        var actions: [RolloutAction] = []
        let before = machine.state.phaseName
        for var entry in withTime(messages.compactMap(entry)) {
            let decided = machine.handle(entry.event)
            actions += decided
            entry.refusal = decided.compactMap(\.refusal).first
            // A report that changes nothing is no record: hosts send one every few seconds.
            if !entry.event.isHeartbeat || !decided.isEmpty { entries.append(entry) }
        }
        if actions.contains(where: \.isStand), machine.view.pause == nil {
            actions.removeAll(where: \.isStand)
        }
        let ending = Self.ending(of: actions, plan: machine.plan)
        if !entries.isEmpty {
            var turn = RolloutTurn(at: clock.wall, engine: Self.version, events: entries, change: machine.takeChange())
            turn.before = before
            turn.after = machine.state.phaseName
            try await ledger.store(turn, of: machine.id, ending: ending)
        }
        for action in actions { await perform(action, requests: &requests) }
        showSoon()
    }

    /// Nothing is decided before the rollout knows what the wall clock says of its plan; a new clock of its own comes first.
    private func withTime(_ entries: [RolloutTurn.Entry]) -> [RolloutTurn.Entry] {
        let words = planClock.words(for: machine, at: clock.wall)
        let told = words.map { RolloutTurn.Entry(RolloutEvent($0, at: clock.now), by: Self.clockName) }
        let isNew = entries.first?.event.word == .resumed
        return entries.prefix(isNew ? 1 : 0) + told + entries.dropFirst(isNew ? 1 : 0)
    }

    /// Lets the watchers see where the rollout stands, not more often than eyes can follow: a picture costs a walk over
    /// all hosts.
    private func showSoon() {
        guard showing == nil else { return }
        showing = Task {
            guard (try? await Task.sleep(for: Self.showInterval)) != nil else { return }  // cancelled: it has ended
            await self.show()
        }
    }

    private func show() async {
        showing = nil
        await watchers.send(.view(machine.view))
    }

    private static let showInterval = Duration.milliseconds(50)

    private func entry(_ message: Message) -> RolloutTurn.Entry? {
        switch message {
        case .event(.operatorSaid(let word), let person):
            return RolloutTurn.Entry(RolloutEvent(.operatorSaid(word.said(by: person)), at: clock.now), by: person)
        case .event(let word, let person): return RolloutTurn.Entry(RolloutEvent(word, at: clock.now), by: person)
        case .left(let left):
            return RolloutTurn.Entry(
                RolloutEvent(.operatorSaid(left.word.said(by: left.by)), at: clock.now),
                by: left.by,
                leftWord: left.id
            )
        case .time: return nil
        case .link(.connected(let host)): return said(.connected(host: host), by: host)
        case .link(.lost(let host, let reason)):
            reports[machine.plan.hosts[host].id] = nil
            logger.info("no session", metadata: ["host": "\(machine.plan.hosts[host].id)", "reason": "\(reason)"])
            return said(.lost(host: host), by: host)
        case .link(.reported(let host, let report)):
            let plan = machine.plan
            reports[plan.hosts[host].id] = report.services.first {
                $0.service == plan.service && $0.environment == plan.environment
            }
            let facts = ServiceFacts(report, service: plan.service, environment: plan.environment)
            return said(.reported(host: host, facts), by: host)
        }
    }

    private func said(_ word: RolloutEvent.Word, by host: Int) -> RolloutTurn.Entry {
        RolloutTurn.Entry(RolloutEvent(word, at: clock.now), by: machine.plan.hosts[host].id.text)
    }

    private static func ending(of actions: [RolloutAction], plan: Plan) -> RolloutEnding? {
        for action in actions {
            switch action {
            case .conclude(let summary):
                return RolloutEnding(summary: summary, isFinal: true, confirmed: confirmed(summary, plan))
            case .stand(let summary): return RolloutEnding(summary: summary, isFinal: false, confirmed: nil)
            case .send, .askApproval, .judge, .startTimer, .cancelTimer, .announce: continue
            }
        }
        return nil
    }

    private static func confirmed(_ summary: RolloutSummary, _ plan: Plan) -> ConfirmedRelease? {
        guard summary.outcome == .succeeded, plan.kind != .restart, plan.kind != .remove, let release = plan.release
        else { return nil }
        return ConfirmedRelease(
            service: plan.service,
            environment: plan.environment,
            id: plan.target,
            release: release
        )
    }

    // MARK: Effects

    private func perform(
        _ action: RolloutAction,
        requests: inout ThrowingDiscardingTaskGroup<any Error>
    ) async {
        switch action {
        case .send(let host, let id, let ask): requests.addTask { await self.send(ask, id: id, to: host) }
        case .askApproval(let epoch): requests.addTask { try await self.askApproval(epoch) }
        case .judge(let question): requests.addTask { await self.judge(question) }
        case .startTimer(let timer, let span): start(timer, span)
        case .cancelTimer(let timer): timers.removeValue(forKey: timer)?.cancel()
        case .announce(let announcement):
            logger.debug("announcement", metadata: ["text": "\(announcement)"])
            let now = clock.wall
            if let notice = Notice(announcement, of: machine.id, machine.plan, at: now) {
                notices.continuation.yield(notice)
            }
            await watchers.send(.announcement(announcement, at: now))
        case .stand(let summary): result = summary
        case .conclude(let summary):
            notices.continuation.yield(Notice(summary, of: machine.id, machine.plan, at: clock.wall))
            result = summary
        }
    }

    private func judge(_ question: GateQuestion) async {
        guard let gate = machine.plan.gate(question.gate) else { return }
        var subject = GateSubject(question, of: machine.id, machine.plan, reports: reports)
        subject.figures = { [links, plan = machine.plan] host in
            guard let index = plan.hosts.firstIndex(where: { $0.id == host }) else { return nil }
            return try await links.figures(of: plan.service, on: index, within: gate.timeout.duration)
        }
        let verdict = await gates.judge(gate, of: subject)
        let word = RolloutEvent.Word.judged(
            gate: question.gate,
            stage: question.stage,
            number: question.number,
            verdict: verdict
        )
        await mailbox.post(.event(word, by: "fleet"))
    }

    private func start(_ timer: TimerID, _ span: TimeSpan) {
        timers[timer]?.cancel()
        timers[timer] = Task { [mailbox] in
            guard (try? await Task.sleep(for: span.duration)) != nil else { return }  // cancelled: somebody was faster
            await mailbox.post(.event(.timerFired(timer), by: Self.clockName))
        }
    }

    private func send(_ ask: HostAsk, id: RequestID, to host: Int) async {
        do {
            let reply = try await links.perform(try await command(ask, id: id, host: host), on: host)
            await post(.replied(host: host, sequence: id.sequence, reply), by: host)
        } catch let failure as Failure {
            await post(.effectFailed(host: host, sequence: id.sequence, failure), by: host)
        } catch {
            // The session is gone: the machine hears so, and sends the request again when there is a new one.
            logger.debug("request cut off", metadata: ["request": "\(id)", "error": "\(error)"])
        }
    }

    private func command(_ ask: HostAsk, id: RequestID, host: Int) async throws -> HostCommand {
        let plan = machine.plan
        var request = ask.request
        if request == nil {
            let order = try await writtenOrder(id.epoch)
            try await links.deliver(order.artifact, to: host)
            request = .prepare(order.prepare)
        }
        guard let request else { throw Failure(.internalError, "the request \(ask) has no form to travel in") }
        return HostCommand(id: id, service: plan.service, environment: plan.environment, request: request)
    }

    private func post(_ word: RolloutEvent.Word, by host: Int) async {
        await mailbox.post(.event(word, by: machine.plan.hosts[host].id.text))
    }
}

extension RolloutEvent {
    /// Whether hosts send it all the time.
    fileprivate var isHeartbeat: Bool {
        if case .reported = word { true } else { false }
    }
}

extension RolloutAction {
    /// Why an operator's word was refused.
    fileprivate var refusal: String? {
        if case .announce(.wordRefused(let why)) = self { why } else { nil }
    }

    /// Whether the rollout has come to rest.
    fileprivate var isStand: Bool {
        if case .stand = self { true } else { false }
    }
}

import Activation
import Model

/// A world and one coordinator that does its work well.
struct Rig {
    var world = ModelWorld()
    var coordinator = Coordinator(ledger: 0)

    /// Sends, and gives the last answer to exactly this request.
    mutating func send(_ command: HostCommand, _ reading: Reading? = nil, settling: Bool = true) -> HostReply? {
        world.feed(.command(command, reading ?? command.usualReading))
        for _ in 0..<200 where settling && world.effect != nil { world.finishEffect() }
        return world.replies[.command(command.id)]?.last
    }

    mutating func claim() -> HostReply? { send(coordinator.claim(above: coordinator.epoch)) }

    mutating func prepare(_ release: Int) -> HostReply? {
        let (command, reading) = coordinator.prepare(release)
        return send(command, reading)
    }

    mutating func activate(_ release: Int, _ purpose: Purpose = .deploy) -> HostReply? {
        send(coordinator.activate(release, purpose))
    }

    mutating func ask(_ request: HostRequest) -> HostReply? { send(coordinator.command(request)) }

    mutating func commit(_ release: Int) -> HostReply? { ask(.commit(release: Fixture.digest(release))) }

    /// Brings `release` up to its commit, and confirms it.
    mutating func deploy(_ release: Int) {
        if world.machine.report.claim == nil { _ = claim() }
        _ = prepare(release)
        _ = activate(release)
        _ = commit(release)
        _ = ask(.confirm(release: Fixture.digest(release)))
    }

    /// Performs effects until one of `kind` is under way.
    mutating func run(until isReached: (Effect) -> Bool) {
        for _ in 0..<200 {
            guard let effect = world.effect, !isReached(effect.effect) else { return }
            world.finishEffect()
        }
    }

    /// Sends the word to change, and stops before its first effect.
    mutating func begin(_ release: Int = 2, _ purpose: Purpose = .deploy) -> HostCommand {
        let command = coordinator.activate(release, purpose)
        _ = send(command, settling: false)
        return command
    }

    /// Performs effects until nothing is under way; answers what `words` says of them, each once in a row.
    mutating func steps(_ words: (Effect) -> String = Self.name) -> [String] {
        var steps: [String] = []
        for _ in 0..<2000 {
            guard let effect = world.effect?.effect else { break }
            let step = words(effect)
            if steps.last != step { steps.append(step) }
            world.finishEffect()
        }
        return steps
    }

    /// What an effect is called.
    static func name(_ effect: Effect) -> String { String("\(effect)".prefix { $0 != "(" }) }

    var phase: ActivationPhase? { world.machine.report.operation?.phase }
    var current: ReleaseID? { world.machine.report.current?.id }
}

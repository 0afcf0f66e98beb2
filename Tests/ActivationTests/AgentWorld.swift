import Activation
import Model

/// A host whose agent replaces itself: who decides is the agent that runs, or whoever has taken over from it.
struct AgentWorld {
    var rig = Rig()
    private(set) var standpoint: Standpoint = .within(executable: "/releases/1")
    /// How often somebody took over.
    private(set) var takeovers = 0

    init() {
        rig.deploy(1)
        sit(.within(executable: "/releases/1"))
        _ = rig.prepare(2)
    }

    private mutating func sit(_ standpoint: Standpoint) {
        self.standpoint = standpoint
        rig.world.machine.settings.own = standpoint
    }

    var isWithin: Bool { standpoint != .takenOver }

    /// The order to switch; answers its request.
    mutating func begin() -> RequestID {
        let command = rig.coordinator.activate(2)
        _ = rig.send(command, settling: false)
        return command.id
    }

    /// Lets the effect under way end, and another process begin where it ends this one.
    mutating func step() {
        switch (rig.world.effect?.effect, isWithin) {
        case (.handOver?, _): takeOver(because: nil)
        case (.start?, false):
            rig.world.failedStart = nil
            guard let effect = rig.world.effect?.effect else { return }
            switch rig.world.apply(effect) {
            case .failed(let failure): takeOver(because: failure)
            case .done, .verified, .inspected, .started, .checked, .traffic, .busy: startAgent()
            }
        case (_, _): rig.world.finishEffect()
        }
    }

    /// The agent is stopped, whoever it is, and the one of before resumes the machine.
    mutating func takeOver(because failure: Failure?) {
        takeovers += 1
        rig.world.running = nil
        rig.world.failedStart = failure
        sit(.takenOver)
        rig.world.crash(applying: false)
        rig.world.failedStart = nil
    }

    /// systemd starts what the unit names.
    mutating func startAgent() {
        rig.world.running = rig.world.link
        sit(.within(executable: "/releases/\(rig.world.link?.version.text ?? "none")"))
        rig.world.crash(applying: false)
    }

    /// The process that decides dies: an agent is started anew by systemd, for others there is the timer.
    mutating func kill(applying: Bool) {
        if applying, let effect = rig.world.effect?.effect, effect != .handOver { _ = rig.world.apply(effect) }
        rig.world.effect = nil
        if isWithin { return startAgent() }
        guard let deadline = rig.world.deadMan else { return rig.world.refuse("it died, and no timer is armed") }
        rig.world.clock = max(rig.world.clock, deadline)
        rig.world.deadMan = nil
        takeOver(because: nil)
    }

    /// Runs until nothing is under way but the wait for a commit.
    mutating func run() {
        for _ in 0..<300 where rig.world.effect != nil { step() }
        if rig.world.effect != nil { rig.world.refuse("no end was reached") }
    }
}

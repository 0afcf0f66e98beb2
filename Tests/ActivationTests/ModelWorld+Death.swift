import Activation
import Model

/// How the agent or the host dies in the model world, and what comes back.
extension ModelWorld {
    var facts: DiskFacts {
        let found = trees.keys.sorted { $0.version < $1.version }.map {
            DiskFacts.Found(
                installed: InstalledRelease(id: $0, artifact: Fixture.digest(1)),
                spec: spec,
                startup: startup($0)
            )
        }
        let place = machine.linkedDeployment?.instance
        let unit = link.map { _ in
            Fixture.unitState(runs[place] == nil ? "inactive" : "active", invocation: invocation)
        }
        return DiskFacts(
            stage: .running,
            current: link,
            previous: previousLink,
            instance: instances.first { $0.value == link }?.key,
            releases: found,
            unit: unit,
            failedStart: failedStart
        )
    }

    /// The host dies, or the agent only.
    mutating func die(isReboot: Bool, applying: Bool) {
        if isReboot { reboot(applying: applying, early: true) } else { crash(applying: applying) }
    }

    /// The agent dies, with half an effect done or none of it, and comes back.
    mutating func crash(applying: Bool) {
        reload(write())
        if applying, let effect { _ = apply(effect.effect) }
        effect = nil
        wakes = []
        recover(facts)
    }

    /// The host dies; systemd starts what the links name, once links are decided.
    mutating func reboot(applying: Bool, early: Bool) {
        reload(write())
        if applying, let effect { _ = apply(effect.effect) }
        effect = nil
        wakes = []
        deadMan = nil
        runs = [:]
        proven = []
        boot += 1
        clock = 10
        if early {
            let facts = facts
            recover(
                DiskFacts(
                    stage: .earlyBoot,
                    current: facts.current,
                    previous: facts.previous,
                    releases: facts.releases,
                    unit: nil
                )
            )
            finishEffect()
            if effect != nil { refuse("something was asked for before units may start") }
            let stays = machine.report.operation?.phase == .kept && link.map(kept.contains) == true
            if let link, !blessed.contains(link), !stays { refuse("\(link) would start at boot, uncommitted") }
        }
        if early, instances.count > 1 { refuse("two instances would start at boot") }
        startAtBoot()
        recover(facts)
        switch machine.report.operation?.phase {
        case .preparing?, .draining?, .switching?, .starting?, .checking?, .awaitingCommit?:
            refuse("an uncommitted change goes on after a reboot")
        case nil, .idle?, .prepared?, .kept?, .committed?, .reverting?, .reverted?, .stuck?: break
        }
    }

    /// What is enabled starts: a template's instances that have a link.
    private mutating func startAtBoot() {
        guard let link, link == unitFile else { return }
        let starts = instances.isEmpty ? [nil: link] : Dictionary(uniqueKeysWithValues: instances.map { ($0, $1) })
        for (place, release) in starts where !broken.contains(release) {
            run(release, in: place)
            // What came up with traffic goes on with it.
            guard admissions[place] ?? .ready == .ready else { continue }
            proven.insert(place)
            warm.insert(place)
        }
    }

    private mutating func recover(_ facts: DiskFacts) {
        let actions = machine.recover(facts, at: now)
        store()
        perform(actions)
    }
}

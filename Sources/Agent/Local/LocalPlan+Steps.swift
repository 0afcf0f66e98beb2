internal import Model

extension LocalPlan {
    /// The steps of the activation, in order.
    static func steps(_ spec: ServiceSpec, releases: String, current: String) -> [String] {
        var steps = ["unpack into \(releases)", "run nothing yet: the service is not touched so far"]
        if let migration = spec.migration {
            steps.append("migrate nothing: \(migration.command.joined(separator: " ")) runs in rollouts alone")
        }
        let unit = spec.unit.unitName.map { name in
            spec.copies?.map { name.instance($0).text }.joined(separator: ", ") ?? name.text
        }
        if let pair = spec.instances { return steps + besides(spec, pair, current: current) }
        if spec.strategy == .reload { return steps + reloading(spec, current: current) }
        if !spec.hooks.drain.isEmpty { steps.append("drain: \(spec.hooks.drain.joined(separator: " "))") }
        if let file = spec.hooks.drainFile { steps.append("drain: create \(file.path), then wait \(file.wait)") }
        steps += idle(spec)
        if let unit { steps.append("stop \(unit)") }
        if let job = spec.job { steps.append("wait until \(job.unit.name) does not run, \(job.within) at most") }
        steps.append("point \(current) to the new release")
        if let job = spec.job, job.isTried {
            steps.append("run \(job.unit.name) once, which must end well within \(job.within)")
        }
        if let unit { steps.append("start \(unit), active within \(spec.startTimeout)") }
        steps += spec.checks.map { "check \($0.label)" } + warmUp(spec)
        if unit != nil { steps.append("stay healthy for \(spec.healthyFor), first pass within \(spec.checkDeadline)") }
        if let file = spec.hooks.drainFile { steps.append("undrain: remove \(file.path)") }
        if !spec.hooks.undrain.isEmpty { steps.append("undrain: \(spec.hooks.undrain.joined(separator: " "))") }
        return steps + [ending]
    }

    private static let ending = "commit; on any failure before this, back to what runs now"

    /// What says so is the release that runs, which this one's file can only stand in for.
    private static func idle(_ spec: ServiceSpec) -> [String] {
        spec.hooks.idle.map { ["wait until it is idle, \($0.within) at most: \($0.command.joined(separator: " "))"] }
            ?? []
    }

    private static func warmUp(_ spec: ServiceSpec) -> [String] {
        spec.hooks.warmUp.map { ["warm up: \($0.joined(separator: " "))"] } ?? []
    }

    private static func besides(_ spec: ServiceSpec, _ pair: InstancePair, current: String) -> [String] {
        let units = pair.all.compactMap { spec.unit.unitName?.instance($0).text }.joined(separator: " and ")
        var steps = [
            "point \(current), and the instance that does not run, to the new release",
            "start that instance, of \(units), active within \(spec.startTimeout); where none runs that is known to be "
                + "well, stop what runs before",
        ]
        steps += spec.checks.map { "check \($0.label)" } + warmUp(spec)
        steps.append("stay healthy for \(spec.healthyFor), first pass within \(spec.checkDeadline)")
        if let file = spec.hooks.drainFile { steps.append("undrain: remove \(file.path)") }
        if !spec.hooks.undrain.isEmpty { steps.append("undrain: \(spec.hooks.undrain.joined(separator: " "))") }
        if !spec.hooks.drain.isEmpty {
            steps.append("drain the old instance: \(spec.hooks.drain.joined(separator: " "))")
        }
        if let file = spec.hooks.drainFile {
            steps.append("drain the old instance: create \(file.path), then wait \(file.wait)")
        }
        return steps + idle(spec) + ["stop the old instance", ending]
    }

    private static func reloading(_ spec: ServiceSpec, current: String) -> [String] {
        let unit = spec.unit.unitName?.text ?? ""
        return [
            "point \(current) to the new release",
            "reload \(unit), within \(spec.startTimeout); stop and start it where it does not run, or where unit files, "
                + "config or secrets have changed",
        ] + spec.checks.map { "check \($0.label)" }
            + ["stay healthy for \(spec.healthyFor), first pass within \(spec.checkDeadline)", ending]
    }
}

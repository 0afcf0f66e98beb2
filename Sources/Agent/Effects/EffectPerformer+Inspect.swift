internal import Activation
internal import Model

extension EffectPerformer {
    /// What the host lacks for a release that is on its disk.
    func inspect(_ id: ReleaseID, _ release: Release) async throws -> EffectResult {
        let spec = try await store.spec(of: id)
        guard spec.service == release.service else {
            throw Failure(.specInvalid, "the artifact is of service '\(spec.service)', expected '\(release.service)'")
        }
        let demands = HostDemands(paths: host.paths, service: service, tree: await store.tree(of: id))
        var missing = demands.missingCommands(spec)
        var credentials = demands.missingCredentials(release.secrets)
        let units = try await unitFiles(of: spec, in: id)
        if spec.strategy == .reload { missing += HostDemands.missingReload(in: units.map(\.content), of: spec) }
        if spec.migration != nil { missing += HostDemands.missingOwner(in: units.map(\.content)) }
        if let job = spec.job {
            missing += try await problems(of: job, units)
        }
        for unit in units {
            missing += demands.missing(inUnit: unit.content, named: unit.name)
            if spec.strategy == .blueGreen {
                missing += demands.sharedPaths(inTemplate: unit.content, named: unit.name)
            }
            credentials += demands.missingCredentials(inUnit: unit.content)
        }
        return .inspected(
            Inspection(
                spec: spec,
                unit: try await standing(spec),
                missingCredentials: credentials,
                missingFiles: missing,
                manifest: try await store.manifest(of: id),
                startup: try await store.startup(of: id, spec, release)
            )
        )
    }

    /// What a timer's job must be: of nobody else, and a run of it must have an end where one is waited for.
    private func problems(
        of job: TimedJob,
        _ units: [(name: String, content: [UInt8])]
    ) async throws -> [String] {
        let unit = try UnitName(parsing: job.unit.name)
        var problems: [String] = []
        if try await store.occupant(of: unit) == .foreign {
            problems.append("\(unit) is on this host already and was not installed by Fleet; rename the job")
        }
        let types = units.filter { $0.name == unit.text }.flatMap { UnitFile($0.content).values("Type") }
        if job.isTried, types.last != "oneshot" {
            problems.append("\(unit) needs 'Type=oneshot', which 'trial' waits for; see systemd.service(5)")
        }
        return problems
    }

    /// What the service will run from: the release's own unit files, or the one that stands on the host.
    private func unitFiles(of spec: ServiceSpec, in id: ReleaseID) async throws -> [(name: String, content: [UInt8])] {
        var files: [(String, [UInt8])] = []
        for path in Deployment(id: id, spec: spec).unitFiles {
            files.append((path.name, try await store.content(path, of: id)))
        }
        guard case .existing(let unit) = spec.unit else { return files }
        let found = try await host.systemd.inspect(unit)
        guard found.loadState != "masked" else {
            throw Failure(.specInvalid, "\(unit) is masked on this host, so it can't be started; see systemctl unmask")
        }
        // A unit without a file was generated, or does not exist, which the machine refuses.
        guard !found.fragmentPath.isEmpty else { return files }
        files.append((unit.text, try Directory.content(of: found.fragmentPath)))
        for path in found.dropInPaths { files.append((path, try Directory.content(of: path))) }
        return files
    }

    /// Who owns the unit that a spec names.
    private func standing(_ spec: ServiceSpec) async throws -> Inspection.Unit {
        guard let name = spec.unit.unitName else { return .absent }
        // systemd knows a template by its instances.
        let loaded = name.loaded(by: spec)
        switch try await store.occupant(of: name) {
        case .ours: return .ours
        case .foreign: return .foreign
        case .nothing: return try await host.systemd.inspect(loaded).exists ? .foreign : .absent
        }
    }
}

import Artifacts
import Configuration
import Foundation
import Model
import Trust

@testable import Activation
@testable import Agent

/// What must hold on a host that lost its power: asked of the disk itself, and of the agent that finds it.
struct CrashTrial {
    let fixture: CrashFixture
    let artifacts: String
    /// Release numbers that there are.
    let releases: [Int]

    /// Boots as after a power cut, lets the real recovery decide and perform, and then has a rollout change the host.
    ///
    /// - Returns: What is wrong; empty when nothing is.
    func problems() async -> [String] {
        do {
            let systemd = ModelSystemd(units: fixture.paths.units)
            return try await boot(systemd)
        } catch {
            return ["\(error)"]
        }
    }

    private func boot(_ systemd: ModelSystemd) async throws -> [String] {
        let host = try CrashHost(fixture, boot: "after", systemd: systemd, artifacts: artifacts)
        guard let committed = try await host.stored()?.current else { return ["the journal is empty"] }
        try await host.run(stage: .earlyBoot) { _ in }
        systemd.startInstalled()
        let (fixture, store, releases) = (fixture, host.artifacts, releases)
        let next = try releases.first { try fixture.id($0) != committed } ?? 1
        try await host.run { _ in }
        var problems = try await look(at: host, expecting: committed)
        try await host.run { runner in
            var rollout = try await CrashRollout(900, of: fixture, to: runner, store)
            try await rollout.deploy(next)
        }
        problems += try await look(at: host, expecting: try fixture.id(next)).map { "after the next rollout: \($0)" }
        return problems
    }

    /// Holds the disk against what the agent says, and both against what they must be.
    private func look(at host: CrashHost, expecting release: ReleaseID) async throws -> [String] {
        guard let machine = try await host.stored() else { return ["the journal is empty"] }
        let report = machine.report
        var problems: [String] = []
        let linked = try await host.store.linked(ReleaseStore.current)
        if linked != release { problems.append("current names \(linked?.description ?? "nothing"), not \(release)") }
        if report.current?.id != release {
            problems.append("the agent says \(report.current?.id.description ?? "nothing"), not \(release)")
        }
        if report.operation?.phase == .stuck {
            problems.append("stuck: \(String(describing: report.operation?.failure))")
        }
        problems += report.drift
        if machine.current != release {
            problems.append("the journal says \(machine.current?.description ?? "nothing"), not \(release)")
        }
        if !host.systemd.runs(CrashFixture.unit) { problems.append("\(CrashFixture.unit) does not run") }
        problems += await host.store.differences(of: release, manifest: machine.expected?.manifest)
        return try await problems + strays(host)
    }

    /// Trees that look whole and are not, and what nobody will ever clean up.
    private func strays(_ host: CrashHost) async throws -> [String] {
        var problems: [String] = []
        let place = fixture.paths.releases(CrashFixture.service)
        let known = try releases.map { try fixture.id($0) }
        for name in try FileManager.default.contentsOfDirectory(atPath: place) {
            guard let id = known.first(where: { $0.description == name }) else {
                problems.append("'\(name)' lies in releases/")
                continue
            }
            let manifest = try await host.store.manifest(of: id)
            problems += try await host.store.treeDifferences(of: id, manifest: manifest).map { "\(id): \($0)" }
        }
        return problems
    }
}

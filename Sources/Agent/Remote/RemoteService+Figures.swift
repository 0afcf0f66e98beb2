internal import Activation
internal import Model
internal import Protocol

extension RemoteService {
    /// What the unit of a service uses now, and how often its present run complains; counted when somebody asks.
    func figures(of service: ServiceName) async throws -> UnitFigures {
        let runner = try await agent.runner(of: service)
        guard let unit = await runner.linked?.unit else { throw Problem.refused("'\(service)' has no unit here") }
        var figures = try await host.systemd.figures(unit)
        figures.errorLines = await JournalReader().errorLines(unit, invocation: figures.invocation)
        return figures
    }
}

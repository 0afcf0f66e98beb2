import Activation
import Model
import Testing

/// What may be a release of the agent, and what may not.
struct AgentReleaseTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let service: ServiceName
        let unit: UnitSource
        var strategy = Strategy.restart
        var own: Standpoint? = .within(executable: "/usr/bin/agent")
        /// What the refusal speaks of; nil when it is taken.
        let refusal: String?
    }

    private static let unit = RelativePath("systemd/agent.service").map(UnitSource.file) ?? .absent

    @Test(
        "Only the service fleet-agent replaces agent.service, and only from within it",
        arguments: [
            Row(testDescription: "the agent's own", service: .agent, unit: unit, refusal: nil),
            Row(
                testDescription: "of another service",
                service: Fixture.service,
                unit: unit,
                own: nil,
                refusal: "is of the service 'fleet-agent' alone"
            ),
            Row(
                testDescription: "an existing unit",
                service: .agent,
                unit: .existing(.agent),
                refusal: "must bring agent.service"
            ),
            Row(
                testDescription: "files alone",
                service: .agent,
                unit: .absent,
                strategy: .none,
                refusal: "must bring agent.service"
            ),
            Row(
                testDescription: "an agent that is no unit",
                service: .agent,
                unit: unit,
                own: nil,
                refusal: "does not run as agent.service"
            ),
        ]
    )
    func taken(_ row: Row) {
        var world = ModelWorld()
        world.machine = ServiceMachine(
            host: Fixture.host,
            service: row.service,
            environment: Fixture.environment,
            settings: ServiceSettings(own: row.own)
        )
        let release = Release(
            service: row.service,
            environment: Fixture.environment,
            version: Fixture.id(1).version,
            artifact: Fixture.release(1).artifact
        )
        let local = LocalRelease(release: release, digest: Fixture.digest(1), material: Fixture.material)
        let requester = Requester.local(1, user: "root")
        world.feed(.local(.apply(local), requester))
        for _ in 0..<10 {
            guard let (effect, token) = world.effect else { break }
            guard case .inspect = effect else {
                world.finishEffect()
                continue
            }
            var spec = Fixture.spec(hooks: false)
            spec.service = row.service
            spec.unit = row.unit
            spec.strategy = row.strategy
            world.effect = nil
            world.feed(.finished(token, .inspected(Inspection(spec: spec, unit: .foreign))))
            break
        }
        guard let refusal = row.refusal else {
            #expect(world.machine.installedReleases.isEmpty && world.effect != nil, "it is installed next")
            return
        }
        guard case .refused(let failure)? = world.replies[requester]?.last else {
            Issue.record("not refused: \(world.replies)")
            return
        }
        #expect(failure.message.contains(refusal), "\(failure)")
    }
}

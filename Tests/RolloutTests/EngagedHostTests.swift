import Model
import Rollout
import Testing

/// Hosts on which another service is being changed, by whomever.
struct EngagedHostTests {
    private static let api = ServiceName(validated: "api")

    private func engage(_ host: Int, _ neighbour: ServiceName? = Self.api, in fleet: inout Fleet) {
        var facts = ServiceFacts(current: fleet.current[host], health: .healthy)
        facts.neighbour = neighbour
        fleet.tell(.reported(host: host, facts))
    }

    @Test("Such a host counts as out of service: none that is in service leaves before the other change is over")
    func capacity() throws {
        var fleet = try Fleet(3, floor: 2)
        fleet.muster()
        engage(2, in: &fleet)
        fleet.prepareAll()
        #expect(fleet.started.isEmpty)
        #expect(fleet.machine.view.inService == 2)
        #expect(fleet.machine.view.hosts[2].doing == "waits for api")
        engage(2, nil, in: &fleet)
        #expect(fleet.started == [0])
    }

    @Test("It has no turn meanwhile, although the floor would allow it; then it goes")
    func noTurn() throws {
        var fleet = try Fleet(2, floor: 0, window: 2)
        fleet.muster()
        engage(1, in: &fleet)
        fleet.prepareAll()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.started.isEmpty)
        #expect(fleet.machine.view.why.contains("1 are being changed for other services"), "\(fleet.machine.view.why)")
        engage(1, nil, in: &fleet)
        #expect(fleet.started == [1])
    }

    @Test("The progress deadline does not count time in which only such hosts are waited for")
    func progress() throws {
        var fleet = try Fleet(2, floor: 0)
        fleet.muster()
        engage(1, in: &fleet)
        fleet.prepareAll()
        fleet.updateNext()
        fleet.wait(.hours(2), .progress)
        #expect(fleet.machine.view.pause == nil)
        engage(1, nil, in: &fleet)
        fleet.wait(.minutes(11), .progress)
        #expect(fleet.machine.view.pause != nil)
    }

    @Test("A changed host whose neighbour is changed goes on baking: it is well itself")
    func bakes() throws {
        var fleet = try Fleet(2, floor: 0, stages: [StagePolicy(selection: .canary(.count(1)), bake: .minutes(1))])
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        engage(0, in: &fleet)
        #expect(fleet.machine.view.phase == .baking(stage: 0))
        for _ in 0..<2 { fleet.wait(.seconds(30), .bake) }
        #expect(fleet.machine.view.phase == .rolling(stage: 1))
    }

    @Test("What a report says of others: who is in the middle of a change, but for agents that replace themselves")
    func reports() throws {
        let web = try ServiceName(parsing: "web")
        let place = try EnvironmentName(parsing: "production")
        func report(_ service: ServiceName, _ phase: ActivationPhase?) throws -> ServiceReport {
            let operation = try phase.map {
                try OperationReport(
                    origin: .local(user: "root"),
                    purpose: .deploy,
                    target: PlanFixture.release("1.4.2", "b"),
                    predecessor: nil,
                    phase: $0,
                    startedAt: WallTime(milliseconds: 0)
                )
            }
            return ServiceReport(service: service, environment: place, operation: operation)
        }
        func neighbour(_ services: [ServiceReport], of service: ServiceName = web) throws -> ServiceName? {
            let host = HostReport(
                host: try HostID(parsing: "web-1"),
                bootID: "b",
                agentVersion: "1",
                at: WallTime(milliseconds: 0),
                freeDisk: .mebibytes(1),
                services: services
            )
            return ServiceFacts(host, service: service, environment: place).neighbour
        }
        #expect(try neighbour([report(web, .starting), report(Self.api, .committed)]) == nil)
        #expect(try neighbour([report(web, nil), report(Self.api, .starting)]) == Self.api)
        #expect(try neighbour([report(.agent, .starting)]) == nil)
        #expect(try neighbour([report(Self.api, .starting)], of: .agent) == nil)
    }
}

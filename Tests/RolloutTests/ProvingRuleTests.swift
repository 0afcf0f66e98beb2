import Model
import Rollout
import Testing

/// Where an artifact must have proved itself before it goes on.
struct ProvingRuleTests {
    private static let now = WallTime(milliseconds: 1_790_000_000_000)
    private static let ledger = LedgerID(validated: "01234567-89ab-4def-8123-456789abcdef")
    private static let artifact = Digest(bytes: [UInt8](repeating: 0xAA, count: 32))
    private static let another = Digest(bytes: [UInt8](repeating: 0xBB, count: 32))

    /// An environment that is on an artifact since so long ago.
    private static func ground(
        _ name: String,
        _ artifact: Digest?,
        age: TimeSpan = .hours(3),
        quarantinedBy rollout: Int? = nil
    ) -> ProvingGround {
        let present = artifact.map { artifact in
            ProvingGround.Present(
                release: ReleaseID(version: Version(validated: "1.4.2"), digest: artifact),
                artifact: artifact,
                rollout: RolloutID(ledger: ledger, number: 12),
                since: WallTime(milliseconds: now.milliseconds - age.milliseconds)
            )
        }
        return ProvingGround(
            EnvironmentName(validated: name),
            present: present,
            quarantinedBy: rollout.map { RolloutID(ledger: ledger, number: $0) }
        )
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let grounds: [ProvingGround]
        /// In order: the environments that prove it, and what is lacking in the others.
        let proved: [String]
        let lacking: [String]
    }

    @Test(
        "Every environment of the policy must be on the very same artifact, for long enough",
        arguments: [
            Row(
                testDescription: "both are on it, for an hour to the moment",
                grounds: [ground("staging", artifact), ground("load", artifact, age: .hours(1))],
                proved: ["staging", "load"],
                lacking: []
            ),
            Row(
                testDescription: "a moment is missing",
                grounds: [
                    ground("staging", artifact), ground("load", artifact, age: .hours(1) - .milliseconds(1)),
                ],
                proved: ["staging"],
                lacking: [
                    "load runs it since 2026-09-21T13:13:20Z (R12): not long enough before 2026-09-21T14:13:20Z, 1ms from now"
                ]
            ),
            Row(
                testDescription: "the clock was set back since",
                grounds: [ground("staging", artifact, age: .hours(-1)), ground("load", artifact)],
                proved: ["load"],
                lacking: [
                    "staging runs it since 2026-09-21T15:13:20Z (R12): not long enough before 2026-09-21T16:13:20Z, 2h from now"
                ]
            ),
            Row(
                testDescription: "one is on another artifact, however long",
                grounds: [ground("staging", another, age: .days(9)), ground("load", artifact)],
                proved: ["load"],
                lacking: [
                    "staging runs 1.4.2-bbbbbbbbbbbb, another artifact (bbbbbbbbbbbb), since 2026-09-12T14:13:20Z"
                ]
            ),
            Row(
                testDescription: "one has never had anything",
                grounds: [ground("load", artifact), ground("staging", nil)],
                proved: ["load"],
                lacking: ["nothing was rolled out with success to staging"]
            ),
            Row(
                testDescription: "nothing is known of one",
                grounds: [ground("load", artifact)],
                proved: ["load"],
                lacking: ["nothing was rolled out with success to staging"]
            ),
            Row(
                testDescription: "one has quarantined it",
                grounds: [ground("staging", artifact, quarantinedBy: 14), ground("load", artifact)],
                proved: ["load"],
                lacking: ["staging has quarantined it (R14 took it back)"]
            ),
            Row(
                testDescription: "others than those of the policy prove nothing",
                grounds: [ground("dev", artifact), ground("staging", another), ground("load", another)],
                proved: [],
                lacking: ["staging runs 1.4.2-bbbbbbbbbbbb", "load runs 1.4.2-bbbbbbbbbbbb"]
            ),
        ]
    )
    func judged(_ row: Row) {
        let policy = ProvenPolicy(
            environments: ["staging", "load"].map { EnvironmentName(validated: $0) },
            span: .hours(1)
        )
        let verdict = ProvingRule(policy, artifact: Self.artifact).judge(row.grounds, at: Self.now)
        #expect(verdict.proofs.map(\.environment.text) == row.proved)
        #expect(verdict.gaps.count == row.lacking.count)
        for (gap, words) in zip(verdict.gaps, row.lacking) {
            #expect(gap.description.hasPrefix(words), "\(gap)")
        }
    }

    @Test("Without a time it is enough that the rollout has succeeded, and the proof names it")
    func atOnce() {
        let policy = ProvenPolicy(environments: [EnvironmentName(validated: "staging")])
        let ground = Self.ground("staging", Self.artifact, age: .zero)
        let verdict = ProvingRule(policy, artifact: Self.artifact).judge([ground], at: Self.now)
        let proof = Proving.Proof(
            environment: ground.environment,
            rollout: RolloutID(ledger: Self.ledger, number: 12),
            since: Self.now
        )
        #expect(verdict.proofs == [proof] && verdict.gaps.isEmpty)
    }

    @Test("Where the way back must have been tried, the proof names who went it; a first release has none")
    func wayBack() {
        let names = ["first", "untried", "tried"].map { EnvironmentName(validated: $0) }
        let trial = RolloutID(ledger: Self.ledger, number: 11)
        let ways: [ProvingGround.WayBack] = [.none, .untried, .tried(trial)]
        let grounds = zip(names, ways).map { name, way in
            var ground = Self.ground(name.text, Self.artifact)
            ground.present?.wayBack = way
            return ground
        }
        func verdict(_ isDemanded: Bool) -> ProvingRule.Verdict {
            let policy = ProvenPolicy(environments: names, wayBack: isDemanded)
            return ProvingRule(policy, artifact: Self.artifact).judge(grounds, at: Self.now)
        }
        #expect(verdict(true).proofs.map(\.wayBack) == [nil, trial])
        let gaps = verdict(true).gaps
        #expect(gaps.map(\.description) == ["untried runs it (R12), and has not tried the way back from it"])
        let advice = gaps.first?.advice(ServiceName(validated: "web"), Version(validated: "1.4.2"))
        #expect(advice?.contains("fleet rollout web 1.4.2 --env untried --try-way-back") == true)
        #expect(verdict(false).gaps.isEmpty && verdict(false).proofs.allSatisfy { $0.wayBack == nil })
    }

    @Test("Every gap says what to do about it")
    func advice() throws {
        let policy = ProvenPolicy(
            environments: ["new", "other", "young", "bad"].map { EnvironmentName(validated: $0) },
            span: .hours(1)
        )
        let grounds = [
            Self.ground("other", Self.another), Self.ground("young", Self.artifact, age: .minutes(20)),
            Self.ground("bad", Self.artifact, quarantinedBy: 14),
        ]
        let gaps = ProvingRule(policy, artifact: Self.artifact).judge(grounds, at: Self.now).gaps
        let advice = gaps.map { $0.advice(ServiceName(validated: "web"), Version(validated: "1.4.2")) }
        try #require(advice.count == 4)
        #expect(advice[0] == "roll it out there first: 'fleet rollout web 1.4.2 --env new'")
        #expect(advice[1] == "roll it out there first: 'fleet rollout web 1.4.2 --env other'")
        #expect(advice[2] == "say this again after 2026-09-21T14:53:20Z")
        #expect(advice[3] == "roll out a version that works; 'fleet why R14' says what was wrong")
    }

    @Test(
        "Only what brings a new release says where it was proved",
        arguments: [Plan.Kind.deploy, .rollback, .restart]
    )
    func planned(_ kind: Plan.Kind) throws {
        var request = try PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(2)), kind: kind)
        request.proving = Proving(proofs: [], lacking: ["nothing was rolled out with success to staging"])
        let plan = try Planner.plan(request)
        #expect(plan.proving == (kind == .deploy ? request.proving : nil))
        #expect(PlanText(plan).text.contains("UNPROVEN") == (kind == .deploy))
    }
}

import Configuration
import Model
import Testing

struct TrustPolicyTests {
    private let web = ServiceName(validated: "web")
    private let mail = ServiceName(validated: "mail")
    private let production = EnvironmentName(validated: "production")
    private let staging = EnvironmentName(validated: "staging")

    @Test("The strictest rule that covers a release holds, whatever their order")
    func strictest() throws {
        let text = """
            rules:
              - {service: web, environment: production, builders: 3}
              - {environment: production, builders: 2}
              - {service: web, builders: 1}
            """
        let policy = try TrustPolicyFile.parse([UInt8](text), file: "policy.yml")
        #expect(policy.builders(of: web, in: production) == 3)
        #expect(policy.builders(of: mail, in: production) == 2)
        #expect(policy.builders(of: web, in: staging) == 1)
        #expect(policy.builders(of: mail, in: staging) == 1)
    }

    @Test("Without a rule one builder is enough, of any age, and nothing else is demanded")
    func none() {
        #expect(TrustPolicy().builders(of: web, in: production) == 1)
        #expect(TrustPolicy().maximumAge(of: web, in: production) == nil)
        #expect(TrustPolicy().attestations(of: web, in: production).isEmpty)
    }

    @Test("All attestations that any rule demands are demanded, and the shortest age holds")
    func attestations() throws {
        let text = """
            rules:
              - builders: 1
                max_age: 90d
                attestations: [{type: test-result}]
              - environment: production
                builders: 2
                max_age: 30d
                attestations: [{type: test-result}, {type: review, by: [ada, bob], count: 2}]
            """
        let policy = try TrustPolicyFile.parse([UInt8](text), file: "policy.yml")
        let tests = AttestationDemand(.testResult)
        let review = AttestationDemand(.review, by: ["ada", "bob"], count: 2)
        #expect(policy.attestations(of: web, in: production) == [tests, review])
        #expect(policy.attestations(of: web, in: staging) == [tests])
        #expect(policy.maximumAge(of: web, in: production) == .days(30))
        #expect(policy.maximumAge(of: web, in: staging) == .days(90))
    }

    @Test("Approvals are demanded by the strictest rule, and a rule may demand nothing else")
    func approvals() throws {
        let text = """
            rules:
              - {environment: production, approvals: 2}
              - {service: web, builders: 2}
              - {service: web, environment: production, approvals: 1}
            """
        let policy = try TrustPolicyFile.parse([UInt8](text), file: "policy.yml")
        #expect(policy.approvals(of: web, in: production) == 2)
        #expect(policy.approvals(of: web, in: staging) == 0)
        #expect(policy.builders(of: mail, in: production) == 1)
    }
}

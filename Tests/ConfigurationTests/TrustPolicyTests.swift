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

    @Test("Without a rule one builder is enough")
    func none() { #expect(TrustPolicy().builders(of: web, in: production) == 1) }
}

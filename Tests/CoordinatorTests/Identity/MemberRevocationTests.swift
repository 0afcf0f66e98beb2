import Model
import TLS
import Testing

@testable import Coordinator

struct MemberRevocationTests {
    @Test("A name means its certificates in force, a serial one, and what could mean several members is asked about")
    func meant() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let authority = try scratch.workspace.authority()
        let now = ScratchWorkspace.now
        let old = try authority.issue(.agent, name: "h1", validity: .days(3), now: now + .days(-9)).summary
        let one = try authority.issue(.agent, name: "h1", now: now).summary
        let two = try authority.issue(.agent, name: "h1", now: now).summary
        let ada = try authority.issue(.operator, name: "ada", now: now).summary
        let twin = try authority.issue(.agent, name: "ada", now: now).summary
        func meant(_ text: String) throws(CoordinatorError) -> Set<CertificateSummary> {
            do {
                return Set(try MemberRevocation(of: text, among: authority.issued(), at: now).certificates)
            } catch let error as CoordinatorError {
                throw error
            } catch {
                throw CoordinatorError(.fileUnusable, "\(error)")
            }
        }
        #expect(try meant("h1") == [one, two])
        #expect(try meant("agent/h1") == [one, two])
        #expect(try meant(old.serial) == [old])
        #expect(try meant("operator/ada") == [ada])
        #expect(try meant("agent/ada") == [twin])
        #expect(throws: CoordinatorError.self) { try meant("ada") }
        #expect(throws: CoordinatorError.self) { try meant("viewer/ada") }
        #expect(throws: CoordinatorError.self) { try meant("nobody") }
    }
}

import Model
import TLS
import Testing

@testable import Coordinator

struct RenewalReminderTests {
    @Test("Certificates in their last third are one line, those of other hosts are not")
    func due() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let now = ScratchWorkspace.now
        let hosts = ["h1", "h2"].compactMap(HostID.init)
        func line(after days: Int64) -> String? {
            RenewalReminder(scratch.workspace, hosts: hosts, at: now + .days(days)).line
        }
        let authority = try scratch.workspace.authority()
        _ = try authority.issue(.agent, name: "h1", validity: .days(90), now: now)
        _ = try authority.issue(.agent, name: "h3", validity: .days(3), now: now)
        #expect(line(after: 0) == nil)
        #expect(try #require(line(after: 61)).contains("the certificate of agent h1 ends"))
        #expect(try #require(line(after: 91)).contains("the certificate of agent h1 has ended"))
        _ = try authority.issue(.agent, name: "h1", validity: .days(397), now: now + .days(61))
        #expect(line(after: 61) == nil, "it was renewed")
        #expect(try #require(line(after: 300)).contains("the certificate of operator alice ends"))
        #expect(try #require(line(after: 380)).contains("operator alice"))
        #expect(try #require(line(after: 380)).contains(" and 1 more"))
    }

    @Test("Without a workspace that can be read there is nothing to say")
    func unreadable() throws {
        let scratch = try ScratchWorkspace()
        #expect(RenewalReminder(scratch.workspace, hosts: [], at: ScratchWorkspace.now).line == nil)
    }
}

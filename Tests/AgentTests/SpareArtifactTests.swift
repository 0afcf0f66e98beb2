import Artifacts
import Configuration
import Logging
import Model
import Session
import Storage
import Testing
import Trust

@testable import Agent

struct SpareArtifactTests {
    @Test("What no release needs goes, once nobody has asked for it for a while")
    func removed() async throws {
        let rig = try PreparationRig()
        let paths = rig.scratch.paths
        let agent = HostAgent(
            configuration: AgentConfiguration(fleet: FleetName(validated: "example"), host: rig.host.host),
            host: rig.host,
            journal: try AgentJournal(path: paths.database, thread: rig.host.thread),
            feed: ReportFeed(),
            logger: Logger(label: "test")
        )
        for content in ["old", "new"] {
            let ingest = try rig.host.ingest(SHA256.digest(of: Array(content.utf8)), size: ByteCount(3))
            try ingest.write(Array(content.utf8))
            try ingest.commit()
        }
        let old = SHA256.digest(of: Array("old".utf8))
        try rig.shell("touch -d '2 hours ago' var/artifacts/sha256/\(old.hex)")
        await agent.removeSpareArtifacts()
        #expect(try rig.host.artifacts.digests() == [SHA256.digest(of: Array("new".utf8))])
    }
}

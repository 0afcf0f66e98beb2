internal import Model

/// What verified releases were ordered with, from their verification until they are unpacked.
///
/// Lost with the process, on purpose: a preparation that a crash cut off starts anew with its verification.
actor MaterialCache {
    private var materials: [Digest: ReleaseMaterial] = [:]

    func keep(_ material: ReleaseMaterial, for release: Digest) { materials[release] = material }

    func take(_ release: Digest) -> ReleaseMaterial? { materials.removeValue(forKey: release) }
}

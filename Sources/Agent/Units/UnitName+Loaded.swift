internal import Model

extension UnitName {
    /// What systemd knows a unit by: of a template, one of its instances.
    func loaded(by spec: ServiceSpec) -> UnitName {
        guard let instance = spec.instances?.first ?? spec.copies?.first else { return self }
        return self.instance(instance)
    }
}
